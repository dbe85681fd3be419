package dev.roster.http.body;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roster.http.problem.ProblemType;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads request bodies strictly: at most 16 KiB of well-formed UTF-8, one JSON object, nothing twice, nothing after it.
 * What is in the object is for {@link MemberBinder}. Thread-safe.
 */
@Consumes(MediaType.APPLICATION_JSON)
public final class JsonBodyReader implements MessageBodyReader<JsonBody> {
    /** In bytes. */
    public static final int MAX_BODY = 16 * 1024;

    static final String TOO_LARGE = "A body may have at most " + MAX_BODY + " bytes.";

    private static final int MAX_DEPTH = 8;
    private static final int MAX_TOKENS = 200;
    private static final int MAX_DIGITS = 32;
    private static final int MAX_NAME = 64;
    private static final String TOO_MUCH = "The JSON goes past a limit: " + MAX_DEPTH + " levels, " + MAX_TOKENS
            + " tokens, " + MAX_DIGITS + " digits in a number, " + MAX_NAME + " characters in a name.";

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .maxNumberLength(MAX_DIGITS)
                            .maxNameLength(MAX_NAME)
                            .maxStringLength(MAX_BODY)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private final MemberBinder binder;

    /** @param valueTypes how a text becomes a value, by the type of a record's component */
    public JsonBodyReader(Map<Class<?>, Function<String, ?>> valueTypes) {
        this.binder = new MemberBinder(valueTypes);
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return JsonBody.class.isAssignableFrom(type);
    }

    @Override
    public JsonBody readFrom(
            Class<JsonBody> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return binder.bind(type, parse(decode(read(body))));
    }

    private static byte[] read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw new BodyException(ProblemType.TOO_LARGE, TOO_LARGE);
        }
        return bytes;
    }

    // Decoded here because Jackson reads over-long forms and guesses at UTF-16 and UTF-32.
    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BodyException(ProblemType.MALFORMED, "The body is not well-formed UTF-8.");
        }
    }

    private JsonNode parse(String text) {
        try {
            JsonNode tree = json.readTree(text);
            if (tree.isMissingNode()) {
                throw new BodyException(ProblemType.MALFORMED, "The body is empty.");
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw new BodyException(ProblemType.MALFORMED, TOO_MUCH);
        } catch (JacksonException e) {
            // Jackson's own words quote its classes; its place in the body is what helps.
            throw new BodyException(ProblemType.MALFORMED, "The body is not well-formed JSON" + place(e) + ".");
        }
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }
}
