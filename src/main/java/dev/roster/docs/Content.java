package dev.roster.docs;

import com.google.common.hash.Hashing;
import dev.roster.http.EntityTags;
import dev.roster.http.connection.BufferingHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.EntityTag;
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
 * Bytes that stay the same while the service runs, as they are and compressed, each with an entity tag, so that nobody
 * takes them twice. They are the same for everybody, so that compressing gives no secret away. Thread-safe.
 */
final class Content {
    private final byte[] bytes;
    private final EntityTag tag;
    private final byte[] compressed;
    private final EntityTag compressedTag;

    Content(byte[] bytes) {
        this.bytes = bytes;
        this.tag = tag(bytes);
        this.compressed = compress(bytes);
        this.compressedTag = tag(compressed);
    }

    /** What this resource of the class path holds. */
    static Content load(String resource) {
        try (InputStream in = Content.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource);
            }
            return new Content(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EntityTag tag(byte[] bytes) {
        return new EntityTag(Hashing.sha256().hashBytes(bytes).toString());
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

    byte[] bytes() {
        return bytes;
    }

    /** 200 with the bytes, or 304 where the client has them (RFC 9110, section 13.1.2). */
    Response answer(HttpServletRequest request) {
        boolean compress = takesGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
        byte[] body = compress ? compressed : bytes;
        EntityTag bodyTag = compress ? compressedTag : tag;
        Response.ResponseBuilder answer = Response.notModified();
        if (!EntityTags.isNamed(bodyTag, request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
            BufferingHandler.share(request, body);
            answer = Response.ok(body)
                    .encoding(compress ? "gzip" : null)
                    .header(HttpHeaders.CONTENT_LENGTH, body.length);
        }
        return answer.tag(bodyTag)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .header(HttpHeaders.CACHE_CONTROL, "public, no-cache")
                .build();
    }

    /** All browsers say so without a weight (RFC 9110, section 12.5.3); who gives one can have the bytes as they are. */
    private static boolean takesGzip(@Nullable String codings) {
        return codings != null
                && Arrays.stream(codings.split(",")).map(String::strip).anyMatch("gzip"::equalsIgnoreCase);
    }
}
