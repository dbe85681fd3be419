package dev.roster.http.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.glassfish.jersey.server.ParamException;

/** Answers Jersey's own errors (unknown path, method, media type) with problems. */
public final class WebApplicationExceptionMapper implements ExceptionMapper<WebApplicationException> {
    @Context
    private HttpServletRequest request;

    @Override
    public Response toResponse(WebApplicationException exception) {
        Response given = exception.getResponse();
        ProblemType type = ProblemType.ofStatus(given.getStatus());
        return type == ProblemType.METHOD_NOT_ALLOWED
                ? Problems.methodNotAllowed(request, given.getAllowedMethods()).build()
                : Problems.answer(request, type, detail(exception, type)).build();
    }

    private static String detail(WebApplicationException exception, ProblemType type) {
        // UUIDs are the only parameters of paths that can be malformed.
        return exception instanceof ParamException.PathParamException parameter
                ? "The " + parameter.getParameterName() + " in the path is not a UUID."
                : detail(type);
    }

    private static String detail(ProblemType type) {
        return switch (type) {
            case NOT_FOUND -> "This path does not exist.";
            case NOT_ACCEPTABLE -> "No representation matches the Accept header.";
            case UNSUPPORTED_MEDIA_TYPE -> "A body must be application/json in UTF-8.";
            default -> type.title() + ".";
        };
    }
}
