package dev.roster.docs;

import com.google.common.hash.Hashing;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Bytes that stay the same while the service runs, with an entity tag, so that nobody takes them twice. Thread-safe. */
final class Content {
    private final byte[] bytes;
    private final EntityTag tag;

    Content(byte[] bytes) {
        this.bytes = bytes;
        this.tag = new EntityTag(Hashing.sha256().hashBytes(bytes).toString());
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

    byte[] bytes() {
        return bytes;
    }

    /** 200 with the bytes, or 304 where the client has them (RFC 9110, section 13.1.2). */
    Response answer(Request request) {
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged == null ? Response.ok(bytes) : unchanged)
                .tag(tag)
                .header(HttpHeaders.CACHE_CONTROL, "public, no-cache")
                .build();
    }
}
