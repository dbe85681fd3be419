package dev.roster.http.file;

import com.google.common.hash.Hashing;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.http.connection.BufferingHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A static file, plain and compressed, each with an entity tag. It contains nothing of the request, so compression
 * leaks no secret. Thread-safe.
 */
public final class Content {
    private final byte[] bytes;
    private final Validators tag;
    private final byte[] compressed;
    private final Validators compressedTag;

    public Content(byte[] bytes) {
        this.bytes = bytes;
        this.tag = tag(bytes);
        this.compressed = compress(bytes);
        this.compressedTag = tag(compressed);
    }

    /** Loads a resource of the class path. */
    public static Content load(String resource) {
        try (InputStream in = Content.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource);
            }
            return new Content(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Validators tag(byte[] bytes) {
        return Validators.of(Hashing.sha256().hashBytes(bytes).toString());
    }

    private static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    public byte[] bytes() {
        return bytes;
    }

    /**
     * 200 with the bytes, or 304 if the client has them already.
     *
     * @throws dev.roster.refusal.RefusedException {@code VERSION_CONFLICT} if a precondition does not hold
     */
    public Response answer(HttpServletRequest request, Preconditions preconditions) {
        boolean compress = acceptsGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
        byte[] body = compress ? compressed : bytes;
        Validators bodyTag = compress ? compressedTag : tag;
        Response.ResponseBuilder answer = Response.notModified();
        if (!preconditions.isNotModified(bodyTag)) {
            BufferingHandler.share(request, body);
            answer = Response.ok(body)
                    .encoding(compress ? "gzip" : null)
                    .header(HttpHeaders.CONTENT_LENGTH, body.length);
        }
        return answer.header(HttpHeaders.ETAG, bodyTag.quotedTag())
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .header(HttpHeaders.CACHE_CONTROL, "public, no-cache")
                .build();
    }

    /** Browsers send gzip without a weight (RFC 9110, section 12.5.3); with a weight the answer is plain. */
    private static boolean acceptsGzip(@Nullable String codings) {
        return codings != null
                && Arrays.stream(codings.split(",")).map(String::strip).anyMatch("gzip"::equalsIgnoreCase);
    }
}
