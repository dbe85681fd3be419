package dev.roster.token;

import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.revocation.Revocations;
import io.dropwizard.auth.Authenticator;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;

/**
 * Authenticates requests by their access token, from memory. It asks the database only while this node's revocation
 * list may be incomplete. Thread-safe.
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

    /** @throws RefusedException {@code INVALID_TOKEN} if the token is invalid, expired or revoked */
    @Override
    public Optional<AccessToken> authenticate(String compact) {
        try {
            AccessToken token = check(compact);
            accepted.inc();
            return Optional.of(token);
        } catch (RefusedException e) {
            (e.tokenFault() == TokenFault.REVOKED ? revoked : invalid).inc();
            throw e;
        }
    }

    /**
     * Returns the token if a request with it would be accepted now. Counts nothing.
     *
     * @throws RefusedException {@code INVALID_TOKEN} if the token is invalid, expired or revoked
     * @throws org.jdbi.v3.core.JdbiException if memory may be incomplete and the database does not answer
     */
    public AccessToken check(String compact) {
        AccessToken token = tokens.verify(compact);
        if (revocations.cover(token.ids(), token.issuedAt())) {
            throw token.refused(TokenFault.REVOKED);
        }
        if (tokens.isExpired(token)) { // by a clock that the look-up has set right
            throw token.refused(TokenFault.EXPIRED);
        }
        return token;
    }
}
