package dev.roster.token;

import dev.roster.revocation.Revocations;
import io.dropwizard.auth.Authenticator;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;

/**
 * Authenticates requests by their access token, from memory. It asks the database only while this node's revocation
 * list may be incomplete. Returns empty for an invalid, expired or revoked token. Thread-safe.
 */
public final class TokenAuthenticator implements Authenticator<String, AccessToken> {
    private final AccessTokens tokens;
    private final Revocations revocations;
    private final CounterDataPoint accepted;
    private final CounterDataPoint invalid;
    private final CounterDataPoint revoked;

    public TokenAuthenticator(AccessTokens tokens, Revocations revocations, PrometheusRegistry metrics) {
        this.tokens = tokens;
        this.revocations = revocations;
        Counter authentications = Counter.builder()
                .name("roster_authentications")
                .help("Requests with an access token: accepted, invalid (malformed, forged or expired) or revoked.")
                .labelNames("outcome")
                .withoutExemplars()
                .register(metrics);
        this.accepted = authentications.labelValues("accepted");
        this.invalid = authentications.labelValues("invalid");
        this.revoked = authentications.labelValues("revoked");
    }

    @Override
    public Optional<AccessToken> authenticate(String compact) {
        Optional<AccessToken> token = tokens.verify(compact);
        if (token.isEmpty()) {
            invalid.inc();
        } else if (revocations.containAny(token.get().ids())) {
            revoked.inc();
            return Optional.empty();
        } else if (tokens.isExpired(token.get())) { // by a clock that the look-up has set right
            invalid.inc();
            return Optional.empty();
        } else {
            accepted.inc();
        }
        return token;
    }
}
