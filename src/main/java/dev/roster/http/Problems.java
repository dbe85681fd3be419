package dev.roster.http;

import dev.roster.user.InvalidMember;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns what went wrong with a request into its answer. Thread-safe. */
final class Problems {
    private Problems() {}

    static Response.ResponseBuilder answer(HttpServletRequest request, ProblemType type, String detail) {
        return answer(request, type, detail, List.of());
    }

    /** @param allowed the methods that the path has, among them OPTIONS, which it has for Jersey alone */
    static Response.ResponseBuilder methodNotAllowed(HttpServletRequest request, Set<String> allowed) {
        String methods = allowed.stream()
                .filter(method -> !method.equals(HttpMethod.OPTIONS))
                .sorted()
                .collect(Collectors.joining(", "));
        return answer(request, ProblemType.METHOD_NOT_ALLOWED, request.getMethod() + " is not allowed here.")
                .header(HttpHeaders.ALLOW, methods);
    }

    static Response.ResponseBuilder answer(
            HttpServletRequest request, ProblemType type, String detail, List<InvalidMember> errors) {
        String requestId = String.valueOf(request.getAttribute(RequestId.NAME));
        Problem problem =
                new Problem(type, type.title(), type.status(), detail, request.getRequestURI(), requestId, errors);
        Response.ResponseBuilder response =
                Response.status(type.status()).type(Problem.MEDIA_TYPE).entity(problem);
        switch (type) {
            case UNAUTHENTICATED -> response.header("WWW-Authenticate", "Bearer realm=\"roster\"");
            case INVALID_TOKEN ->
                response.header("WWW-Authenticate", "Bearer realm=\"roster\", error=\"invalid_token\"");
            case UNAVAILABLE -> response.header("Retry-After", "1");
            default -> {}
        }
        return response;
    }
}
