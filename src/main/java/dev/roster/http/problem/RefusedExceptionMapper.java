package dev.roster.http.problem;

import dev.roster.http.trace.RequestNotes;
import dev.roster.refusal.ReachedLimit;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.security.Principal;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each {@link Refusal} with its problem, and counts it. */
public final class RefusedExceptionMapper implements ExceptionMapper<RefusedException> {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefusedExceptionMapper.class);

    private final Counter refusals;
    private final Counter limitRefusals;
    private final Counter tokenRefusals;

    @Context
    private HttpServletRequest request;

    @Context
    private SecurityContext caller;

    /** @param limits the names of all limits */
    public RefusedExceptionMapper(PrometheusRegistry prometheus, Collection<String> limits) {
        this.refusals = Counter.builder()
                .name("roster_refusals")
                .help("Requests refused by the rules of the service, by the problem type of the answer. Excludes"
                        + " unknown paths, methods and media types, and database failures. The reason unavailable means"
                        + " that too many requests wait for their turn or a password hash, or that one took too long.")
                .labelNames("reason")
                .withoutExemplars()
                .register(prometheus);
        this.limitRefusals = Counter.builder()
                .name("roster_limit_refusals")
                .help("Requests refused by a limit, by its name.")
                .labelNames("limit")
                .withoutExemplars()
                .register(prometheus);
        this.tokenRefusals = Counter.builder()
                .name("roster_token_refusals")
                .help("Requests refused for their access token or refresh token, or for having none, by the reason.")
                .labelNames("reason")
                .withoutExemplars()
                .register(prometheus);
        // Each series starts at 0: otherwise rate() misses its first increase.
        for (Refusal refusal : Refusal.values()) {
            refusals.initLabelValues(type(refusal).id());
        }
        limits.forEach(limitRefusals::initLabelValues);
        for (TokenFault fault : TokenFault.values()) {
            tokenRefusals.initLabelValues(fault.id());
        }
    }

    @Override
    public Response toResponse(RefusedException refused) {
        refusals.labelValues(type(refused.refusal()).id()).inc();
        if (refused.refusal() == Refusal.FORBIDDEN) {
            log(refused);
        }
        Response.ResponseBuilder response =
                Problems.answer(request, type(refused.refusal()), refused.detail(), refused.invalidMembers());
        if (refused.limit() != null) {
            addLimit(response, refused.limit());
            limitRefusals.labelValues(refused.limit().name()).inc();
        }
        if (refused.tokenFault() != null) {
            tokenRefusals.labelValues(refused.tokenFault().id()).inc();
            note(refused, refused.tokenFault());
        }
        return response.build();
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
        Principal user = caller.getUserPrincipal();
        LOGGER.warn(
                "SECURITY forbidden: {} {} by user {} from {}: {}",
                request.getMethod(),
                request.getRequestURI(),
                user == null ? "-" : user.getName(),
                request.getRemoteAddr(),
                refused.detail());
    }

    private static ProblemType type(Refusal refusal) {
        return switch (refusal) {
            case UNAUTHENTICATED -> ProblemType.UNAUTHENTICATED;
            case INVALID_CREDENTIALS -> ProblemType.INVALID_CREDENTIALS;
            case INVALID_TOKEN -> ProblemType.INVALID_TOKEN;
            case FORBIDDEN -> ProblemType.FORBIDDEN;
            case NOT_FOUND -> ProblemType.NOT_FOUND;
            case EMAIL_TAKEN -> ProblemType.EMAIL_TAKEN;
            case VERSION_CONFLICT -> ProblemType.VERSION_CONFLICT;
            case INVALID -> ProblemType.VALIDATION;
            case TOO_MANY_REQUESTS -> ProblemType.TOO_MANY_REQUESTS;
            case UNAVAILABLE -> ProblemType.UNAVAILABLE;
        };
    }
}
