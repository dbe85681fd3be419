package dev.roster.token;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.dropwizard.auth.Authenticator;
import java.util.Optional;

/**
 * Tells who calls, from memory alone: no request waits for the database to be authenticated. A bad, expired or revoked
 * token is nobody. Thread-safe.
 */
public final class TokenAuthenticator implements Authenticator<String, AccessToken> {
    private final AccessTokens tokens;
    private final RevokedTokens revoked;
    private final Counter accepted;
    private final Counter invalid;
    private final Counter revokedCounter;

    public TokenAuthenticator(AccessTokens tokens, RevokedTokens revoked, MetricRegistry metrics) {
        this.tokens = tokens;
        this.revoked = revoked;
        this.accepted = metrics.counter("roster.authentications.accepted");
        this.invalid = metrics.counter("roster.authentications.invalid");
        this.revokedCounter = metrics.counter("roster.authentications.revoked");
    }

    @Override
    public Optional<AccessToken> authenticate(String compact) {
        Optional<AccessToken> token = tokens.verify(compact);
        if (token.isEmpty()) {
            invalid.inc();
        } else if (revoked.contains(token.get())) {
            revokedCounter.inc();
            return Optional.empty();
        } else {
            accepted.inc();
        }
        return token;
    }
}
