package dev.roster.http.body;

import dev.roster.http.problem.ProblemType;
import dev.roster.http.problem.Problems;
import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, before authentication, a body that is not plain JSON in UTF-8, or not a form where the route takes a {@link
 * FormBody}, a body whose length is declared as too large, and matrix parameters in the path.
 */
@Priority(500)
public final class RequestBodyFilter implements ContainerRequestFilter {
    /** IANA's name and the one that many clients send. JSON is always in UTF-8 (RFC 8259, section 8.1). */
    private static final Set<String> UTF_8 = Set.of("utf-8", "utf8");

    /** A proxy of Jersey's, which looks up the request with each call: call it rarely. */
    @Context
    private HttpServletRequest request;

    @Context
    private ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext context) {
        if (context.getUriInfo().getPath(false).indexOf(';') >= 0) {
            throw new NotFoundException();
        }
        String length = context.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        String transferEncoding = context.getHeaderString(AbsentBodyFilter.TRANSFER_ENCODING);
        boolean isEncoded = !isIdentity(context.getHeaderString(HttpHeaders.CONTENT_ENCODING))
                || (transferEncoding != null && !transferEncoding.equalsIgnoreCase("chunked"));
        boolean hasBody = transferEncoding != null || (length != null && request.getContentLengthLong() > 0);
        if (isEncoded) {
            context.abortWith(refuse(ProblemType.UNSUPPORTED_MEDIA_TYPE, "A body must not be encoded or compressed."));
        } else if (length != null && request.getContentLengthLong() > JsonBodyReader.MAX_BODY) {
            context.abortWith(refuse(ProblemType.TOO_LARGE, JsonBodyReader.TOO_LARGE));
        } else if (hasBody) {
            MediaType type = takesForm() ? MediaType.APPLICATION_FORM_URLENCODED_TYPE : MediaType.APPLICATION_JSON_TYPE;
            if (!isOf(type, context.getMediaType())) {
                context.abortWith(refuse(ProblemType.UNSUPPORTED_MEDIA_TYPE, "A body must be " + type + " in UTF-8."));
            }
        }
    }

    /** Whether these content codings leave a body as it is. */
    private static boolean isIdentity(@Nullable String codings) {
        return codings == null
                || Arrays.stream(codings.split(","))
                        .map(String::strip)
                        .allMatch(coding -> coding.isEmpty() || coding.equalsIgnoreCase("identity"));
    }

    private boolean takesForm() {
        return Arrays.asList(resource.getResourceMethod().getParameterTypes()).contains(FormBody.class);
    }

    private static boolean isOf(MediaType wanted, @Nullable MediaType type) {
        // isCompatible alone would accept wildcards, such as */*.
        if (type == null || type.isWildcardType() || type.isWildcardSubtype() || !type.isCompatible(wanted)) {
            return false;
        }
        String charset = type.getParameters().get(MediaType.CHARSET_PARAMETER);
        return charset == null || UTF_8.contains(charset.toLowerCase(Locale.ROOT));
    }

    private Response refuse(ProblemType type, String detail) {
        return Problems.answer(request, type, detail).build();
    }
}
