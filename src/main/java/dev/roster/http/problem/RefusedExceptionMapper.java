package dev.roster.http.problem;

import com.codahale.metrics.MetricRegistry;
import dev.roster.refusal.ReachedLimit;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.security.Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each {@link Refusal} its problem. */
public final class RefusedExceptionMapper implements ExceptionMapper<RefusedException> {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefusedExceptionMapper.class);

    private final MetricRegistry metrics;

    @Context
    private HttpServletRequest request;

    @Context
    private SecurityContext caller;

    public RefusedExceptionMapper(MetricRegistry metrics) {
        this.metrics = metrics;
        for (Refusal refusal :
                Refusal.values()) { // one that is not there yet would hide its first from who watches its growth
            count(refusal, 0);
        }
    }

    private void count(Refusal refusal, int requests) {
        metrics.counter("roster.refusals." + type(refusal).id()).inc(requests);
    }

    @Override
    public Response toResponse(RefusedException refused) {
        count(refused.refusal(), 1);
        if (refused.refusal() == Refusal.FORBIDDEN) {
            log(refused);
        }
        Response.ResponseBuilder response =
                Problems.answer(request, type(refused.refusal()), refused.detail(), refused.invalidMembers());
        if (refused.limit() != null) {
            tell(response, refused.limit());
            metrics.counter("roster.limit-refusals." + refused.limit().name()).inc();
        }
        return response.build();
    }

    /** By RFC 9110, section 10.2.3, and the RateLimit fields of the draft-ietf-httpapi-ratelimit-headers. */
    private static void tell(Response.ResponseBuilder response, ReachedLimit limit) {
        String window = limit.windowSeconds() == null ? "" : ";w=" + limit.windowSeconds();
        response.header(HttpHeaders.RETRY_AFTER, limit.retryAfterSeconds())
                .header("RateLimit-Policy", "\"" + limit.name() + "\";q=" + limit.quota() + window)
                .header("RateLimit", "\"" + limit.name() + "\";r=0;t=" + limit.retryAfterSeconds());
    }

    // ASVS 16.3.2. The log's line has the request's id as well.
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
