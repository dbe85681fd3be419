package dev.roster.http.body;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roster.http.connection.BufferingHandler;
import dev.roster.http.problem.BodyException;
import dev.roster.http.problem.ProblemType;
import dev.roster.user.SafeText;
import jakarta.validation.Validator;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads request bodies into records: at most 16 KiB of well-formed UTF-8, one JSON object, no duplicate members,
 * nothing after it. Nothing is coerced. All invalid members are named at once: unknown and missing ones, those of a
 * wrong type or value (see {@link BodyModule}), and violations of the record's rules across members (see
 * {@link BodyRules}). A rule sees null for a member that is missing, and must accept it. Thread-safe.
 */
@Consumes(MediaType.APPLICATION_JSON)
public final class JsonBodyReader implements MessageBodyReader<Record> {
    static final int MAX_BODY = BufferingHandler.MAX_BODY;

    static final String TOO_LARGE = "A body may have at most " + MAX_BODY + " bytes.";

    private static final int MAX_DEPTH = 8;
    private static final int MAX_TOKENS = 6_000;
    private static final int MAX_NAME = 64;
    private static final String PAST_LIMIT = "The JSON exceeds a limit: " + MAX_DEPTH + " levels, " + MAX_TOKENS
            + " tokens, " + MAX_NAME + " characters in a name.";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNumberLength(MAX_BODY) // ExactNumber tells which are refused
                    .maxNameLength(MAX_NAME)
                    .maxStringLength(MAX_BODY)
                    .build())
            .build();

    private final JsonMapper json;
    private final Validator validator;

    public JsonBodyReader(BodyModule types, Validator validator) {
        this.json = JsonMapper.builder(JSON)
                .addModule(types)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.WRAP_EXCEPTIONS)
                // Otherwise Jackson ignores a member that a method of the record is named after.
                .disable(MapperFeature.AUTO_DETECT_GETTERS, MapperFeature.AUTO_DETECT_IS_GETTERS)
                .build();
        this.validator = validator;
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type.isRecord();
    }

    @Override
    public Record readFrom(
            Class<Record> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        InvalidMembers invalid = new InvalidMembers();
        String text = decode(read(body));
        boolean isAbsent = text.isEmpty() && type.isAnnotationPresent(BodyRules.MayBeAbsent.class);
        Record value = parse(isAbsent ? "{}" : text, type, invalid);
        if (value != null) {
            validator.validate(value).forEach(invalid::add);
        }
        invalid.throwIfAny();
        return Objects.requireNonNull(value);
    }

    /** @throws BodyException if it is too large */
    static byte[] read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw new BodyException(ProblemType.TOO_LARGE, TOO_LARGE);
        }
        return bytes;
    }

    // Jackson would accept over-long forms, and guess at UTF-16 and UTF-32.
    static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BodyException(ProblemType.MALFORMED, "The body is not well-formed UTF-8.");
        }
    }

    private @Nullable Record parse(String text, Class<Record> type, InvalidMembers invalid) throws IOException {
        try (JsonParser parser = json.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new BodyException(ProblemType.MALFORMED, "The body is empty.");
            }
            return json.readerFor(type)
                    .withAttribute(InvalidMembers.ATTRIBUTE, invalid)
                    .readValue(parser);
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private static BodyException malformed(JacksonException e) throws JacksonException {
        // Inside a list, Jackson wraps the exceptions of its parser, whatever WRAP_EXCEPTIONS says.
        JacksonException reason = e.getCause() instanceof JacksonException cause ? cause : e;
        if (reason instanceof StreamConstraintsException) {
            return new BodyException(ProblemType.MALFORMED, PAST_LIMIT);
        }
        if (reason instanceof StreamReadException || reason instanceof MismatchedInputException) {
            // Jackson's message names its classes. The position is what helps the client.
            String detail = "The body is not well-formed JSON" + position(reason) + duplicate(reason) + ".";
            return new BodyException(ProblemType.MALFORMED, detail);
        }
        throw e;
    }

    /** Names a member that an object has twice, by its path. */
    private static String duplicate(JacksonException e) {
        if (!e.getOriginalMessage().startsWith("Duplicate") || !(e.getProcessor() instanceof JsonParser parser)) {
            return "";
        }
        String path = InvalidMembers.pointer(parser.getParsingContext());
        return SafeText.objection(path) == null ? ": it has " + path + " twice" : "";
    }

    private static String position(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }
}
