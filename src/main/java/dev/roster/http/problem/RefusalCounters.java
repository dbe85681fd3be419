package dev.roster.http.problem;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collection;

/** Counts refusals, on both ports together. Thread-safe. */
public final class RefusalCounters {
    private final Counter refusals;
    private final Counter limitRefusals;
    private final Counter tokenRefusals;

    /** @param limits the names of all limits */
    public RefusalCounters(PrometheusRegistry prometheus, Collection<String> limits) {
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
                .help("Requests refused for their access token, refresh token or API key, or for having none.")
                .labelNames("reason")
                .withoutExemplars()
                .register(prometheus);
        // Each series starts at 0: otherwise rate() misses its first increase.
        for (Refusal refusal : Refusal.values()) {
            refusals.initLabelValues(RefusedExceptionMapper.type(refusal).id());
        }
        limits.forEach(limitRefusals::initLabelValues);
        for (TokenFault fault : TokenFault.values()) {
            tokenRefusals.initLabelValues(fault.id());
        }
    }

    void count(RefusedException refused) {
        refusals.labelValues(RefusedExceptionMapper.type(refused.refusal()).id())
                .inc();
        if (refused.limit() != null) {
            limitRefusals.labelValues(refused.limit().name()).inc();
        }
        if (refused.tokenFault() != null) {
            tokenRefusals.labelValues(refused.tokenFault().id()).inc();
        }
    }
}
