package dev.roster.http.problem;

import dev.roster.http.trace.RequestNotes;
import dev.roster.refusal.ReachedLimit;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.security.Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each {@link Refusal} with its problem, and counts it. Each Jersey application needs an instance. */
public final class RefusedExceptionMapper implements ExceptionMapper<RefusedException> {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefusedExceptionMapper.class);

    private final RefusalCounters counters;
    private final String realm;
    private final String caller;
    private final boolean isBasicAllowed;

    @Context
    private HttpServletRequest request;

    @Context
    private SecurityContext security;

    /**
     * @param realm what the caller's credentials are for (RFC 9110, section 11.5)
     * @param caller what the log calls the caller
     * @param isBasicAllowed whether API keys may be sent with the scheme Basic too
     */
    public RefusedExceptionMapper(RefusalCounters counters, String realm, String caller, boolean isBasicAllowed) {
        this.counters = counters;
        this.realm = realm;
        this.caller = caller;
        this.isBasicAllowed = isBasicAllowed;
    }

    @Override
    public Response toResponse(RefusedException refused) {
        counters.count(refused);
        ProblemType type = type(refused.refusal());
        if (type == ProblemType.FORBIDDEN || type == ProblemType.INSUFFICIENT_SCOPE) {
            log(refused);
        }
        Response.ResponseBuilder response = Problems.answer(request, type, refused.detail(), refused.invalidMembers());
        switch (type) {
            case UNAUTHENTICATED, INVALID_CREDENTIALS ->
                response.header(HttpHeaders.WWW_AUTHENTICATE, challenges(refused.refusal()));
            case INVALID_TOKEN ->
                response.header(
                        HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"" + realm + "\", error=\"invalid_token\"");
            case INSUFFICIENT_SCOPE ->
                response.header(
                        HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"" + realm + "\", error=\"insufficient_scope\"");
            default -> {}
        }
        if (refused.limit() != null) {
            addLimit(response, refused.limit());
        }
        if (refused.tokenFault() != null) {
            note(refused, refused.tokenFault());
        }
        return response.build();
    }

    private String challenges(Refusal refusal) {
        String bearer = "Bearer realm=\"" + realm + "\"";
        return refusal == Refusal.NO_API_KEY && isBasicAllowed ? "Basic realm=\"" + realm + "\", " + bearer : bearer;
    }

    /**
     * Adds the reason to the line of this request in the access log. A line of its own would let a client with bad
     * tokens fill the disk twice as fast.
     */
    private void note(RefusedException refused, TokenFault fault) {
        String id = refused.tokenId() == null ? "" : " " + refused.tokenId();
        request.setAttribute(RequestNotes.PROBLEM, type(refused.refusal()).id() + " " + fault.id() + id);
    }

    /** Retry-After (RFC 9110, section 10.2.3) and the fields of draft-ietf-httpapi-ratelimit-headers. */
    private static void addLimit(Response.ResponseBuilder response, ReachedLimit limit) {
        String window = limit.windowSeconds() == null ? "" : ";w=" + limit.windowSeconds();
        response.header(HttpHeaders.RETRY_AFTER, limit.retryAfterSeconds())
                .header("RateLimit-Policy", "\"" + limit.name() + "\";q=" + limit.quota() + window)
                .header("RateLimit", "\"" + limit.name() + "\";r=0;t=" + limit.retryAfterSeconds());
    }

    // ASVS 16.3.2. The log line also has the request id.
    private void log(RefusedException refused) {
        Principal principal = security.getUserPrincipal();
        Object keyId = request.getAttribute(RequestNotes.KEY_ID); // of another service, on the API port
        LOGGER.warn(
                "SECURITY forbidden: {} {} by {} {} from {}: {}",
                request.getMethod(),
                request.getRequestURI(),
                keyId == null ? caller : "key",
                keyId == null ? (principal == null ? "-" : principal.getName()) : keyId,
                request.getRemoteAddr(),
                refused.detail());
    }

    static ProblemType type(Refusal refusal) {
        return switch (refusal) {
            case UNAUTHENTICATED, NO_API_KEY -> ProblemType.UNAUTHENTICATED;
            case INVALID_CREDENTIALS -> ProblemType.INVALID_CREDENTIALS;
            case INVALID_TOKEN -> ProblemType.INVALID_TOKEN;
            case ACCOUNT_DISABLED -> ProblemType.ACCOUNT_DISABLED;
            case PASSWORD_RESET_REQUIRED -> ProblemType.PASSWORD_RESET_REQUIRED;
            case FORBIDDEN -> ProblemType.FORBIDDEN;
            case INSUFFICIENT_SCOPE -> ProblemType.INSUFFICIENT_SCOPE;
            case REGISTRATION_CLOSED -> ProblemType.REGISTRATION_CLOSED;
            case NOT_FOUND -> ProblemType.NOT_FOUND;
            case EXPORT_TOO_LARGE -> ProblemType.EXPORT_TOO_LARGE;
            case EMAIL_TAKEN -> ProblemType.EMAIL_TAKEN;
            case KEY_NOT_ROTATED -> ProblemType.KEY_NOT_ROTATED;
            case VERSION_CONFLICT -> ProblemType.VERSION_CONFLICT;
            case PRECONDITION_REQUIRED -> ProblemType.PRECONDITION_REQUIRED;
            case INVALID -> ProblemType.VALIDATION;
            case TOO_MANY_REQUESTS -> ProblemType.TOO_MANY_REQUESTS;
            case UNAVAILABLE -> ProblemType.UNAVAILABLE;
        };
    }
}
