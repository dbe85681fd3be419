package dev.roster.http.body;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Treats all requests without content alike. Some clients send nothing in chunks, or give it a type or a coding; for a
 * form without fields, browsers send only its closing delimiter.
 */
@PreMatching
public final class AbsentBodyFilter implements ContainerRequestFilter {
    static final String TRANSFER_ENCODING = "Transfer-Encoding";

    /** In bytes. A boundary has at most 70 (RFC 2046, section 5.1.1). */
    private static final int MAX_EMPTY_FORM = 80;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        if (hasContent(request)) {
            return;
        }
        MultivaluedMap<String, String> headers = request.getHeaders();
        headers.remove(TRANSFER_ENCODING);
        headers.remove(HttpHeaders.CONTENT_LENGTH);
        headers.remove(HttpHeaders.CONTENT_ENCODING);
        // Without a type Jersey passes a missing body to the resource as null, instead of to the reader.
        headers.putSingle(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
        request.setEntityStream(InputStream.nullInputStream());
    }

    private static boolean hasContent(ContainerRequestContext request) throws IOException {
        String coding = request.getHeaderString(TRANSFER_ENCODING);
        String length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        if (coding == null && (length == null || length.equals("0"))) {
            return false;
        }
        boolean isForm = isForm(request.getHeaderString(HttpHeaders.CONTENT_TYPE));
        if (coding == null ? !isForm || length.length() > 2 : !coding.equalsIgnoreCase("chunked")) {
            return true;
        }
        int size = isForm ? MAX_EMPTY_FORM : 1;
        PushbackInputStream body = new PushbackInputStream(request.getEntityStream(), size);
        byte[] beginning = body.readNBytes(size);
        body.unread(beginning);
        request.setEntityStream(body);
        return beginning.length > 0 && !(isForm && isClosing(beginning, request.getMediaType()));
    }

    private static boolean isForm(@Nullable String type) {
        String form = MediaType.MULTIPART_FORM_DATA;
        return type != null && type.regionMatches(true, 0, form, 0, form.length());
    }

    /** Whether this is the delimiter after the last field: of a form that begins with it, there are no fields. */
    private static boolean isClosing(byte[] beginning, MediaType type) {
        String delimiter = "--" + type.getParameters().get("boundary") + "--";
        return new String(beginning, StandardCharsets.ISO_8859_1).strip().equals(delimiter);
    }
}
