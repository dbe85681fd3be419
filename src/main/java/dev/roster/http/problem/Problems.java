package dev.roster.http.problem;

import dev.roster.http.trace.RequestId;
import dev.roster.http.trace.RequestNotes;
import dev.roster.refusal.InvalidMember;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Builds error answers. Thread-safe. */
public final class Problems {
    private Problems() {}

    public static Response.ResponseBuilder answer(HttpServletRequest request, ProblemType type, String detail) {
        return answer(request, type, detail, List.of());
    }

    /** 408: the body did not arrive in time. */
    public static Response.ResponseBuilder timeout(HttpServletRequest request) {
        int status = Response.Status.REQUEST_TIMEOUT.getStatusCode();
        return answer(request, ProblemType.MALFORMED, status, "The body did not arrive in time.", List.of());
    }

    /**
     * @param allowed the methods of the path as Jersey reports them: sometimes with OPTIONS, which is Jersey's own, and
     *     sometimes without HEAD, which comes with GET
     */
    public static Response.ResponseBuilder methodNotAllowed(HttpServletRequest request, Set<String> allowed) {
        Set<String> methods = new TreeSet<>(allowed);
        methods.remove(HttpMethod.OPTIONS);
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        return answer(request, ProblemType.METHOD_NOT_ALLOWED, request.getMethod() + " is not allowed for this path.")
                .header(HttpHeaders.ALLOW, String.join(", ", methods));
    }

    public static Response.ResponseBuilder answer(
            HttpServletRequest request, ProblemType type, String detail, List<InvalidMember> errors) {
        return answer(request, type, type.status(), detail, errors);
    }

    private static Response.ResponseBuilder answer(
            HttpServletRequest request, ProblemType type, int status, String detail, List<InvalidMember> errors) {
        request.setAttribute(RequestNotes.PROBLEM, type.id());
        String requestId = String.valueOf(request.getAttribute(RequestId.NAME));
        Problem problem = new Problem(
                type,
                type.title(),
                status,
                detail,
                request.getRequestURI(),
                requestId,
                errors.stream().map(Problem.InvalidEntry::of).toList());
        Response.ResponseBuilder response =
                Response.status(status).type(Problem.MEDIA_TYPE).entity(problem);
        return type == ProblemType.UNAVAILABLE ? response.header(HttpHeaders.RETRY_AFTER, "1") : response;
    }
}
