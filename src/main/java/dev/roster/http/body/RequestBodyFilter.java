package dev.roster.http.body;

import dev.roster.http.problem.ProblemType;
import dev.roster.http.problem.Problems;
import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what no route takes, before anybody is authenticated: a body that is not plain JSON in UTF-8 or that says it
 * is too large, and parameters inside the path.
 */
@Priority(500)
public final class RequestBodyFilter implements ContainerRequestFilter {
    private static final String TRANSFER_ENCODING = "Transfer-Encoding";

    /** One of Jersey's, which looks the request up with every call: to be asked no more than is needed. */
    @Context
    private HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext context) {
        if (context.getUriInfo().getPath(false).indexOf(';') >= 0) {
            throw new NotFoundException();
        }
        String length = context.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        String transferEncoding = context.getHeaderString(TRANSFER_ENCODING);
        boolean isEncoded = context.getHeaderString(HttpHeaders.CONTENT_ENCODING) != null
                || (transferEncoding != null && !transferEncoding.equalsIgnoreCase("chunked"));
        boolean hasBody = transferEncoding != null || (length != null && request.getContentLengthLong() > 0);
        if (isEncoded) {
            context.abortWith(refuse(ProblemType.UNSUPPORTED_MEDIA_TYPE, "A body must not be encoded or compressed."));
        } else if (length != null && request.getContentLengthLong() > JsonBodyReader.MAX_BODY) {
            context.abortWith(refuse(ProblemType.TOO_LARGE, JsonBodyReader.TOO_LARGE));
        } else if (hasBody && !isJson(context.getMediaType())) {
            context.abortWith(refuse(ProblemType.UNSUPPORTED_MEDIA_TYPE, "A body must be application/json in UTF-8."));
        } else if (context.getMediaType() == null) {
            // Without a type Jersey would hand a missing body to the resource as null; the reader says what is wrong.
            context.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
        }
    }

    private static boolean isJson(@Nullable MediaType type) {
        // Compatible is not enough: a body of any type at all (*/*) would be.
        if (type == null
                || type.isWildcardType()
                || type.isWildcardSubtype()
                || !type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
            return false;
        }
        String charset = type.getParameters().get(MediaType.CHARSET_PARAMETER);
        return charset == null || charset.toLowerCase(Locale.ROOT).equals("utf-8");
    }

    private Response refuse(ProblemType type, String detail) {
        return Problems.answer(request, type, detail).build();
    }
}
