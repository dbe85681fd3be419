package dev.roster.token;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.roster.revocation.Revocations;
import io.dropwizard.auth.Authenticator;
import java.util.Optional;

/**
 * Tells who calls, from memory: no request waits for the database to be authenticated, but while this node may not know all
 * that is revoked. A bad, expired or revoked token is nobody. Thread-safe.
 */
public final class TokenAuthenticator implements Authenticator<String, AccessToken> {
    private final AccessTokens tokens;
    private final Revocations revocations;
    private final Counter accepted;
    private final Counter invalid;
    private final Counter revokedCounter;

    public TokenAuthenticator(AccessTokens tokens, Revocations revocations, MetricRegistry metrics) {
        this.tokens = tokens;
        this.revocations = revocations;
        this.accepted = metrics.counter("roster.authentications.accepted");
        this.invalid = metrics.counter("roster.authentications.invalid");
        this.revokedCounter = metrics.counter("roster.authentications.revoked");
    }

    @Override
    public Optional<AccessToken> authenticate(String compact) {
        Optional<AccessToken> token = tokens.verify(compact);
        if (token.isEmpty()) {
            invalid.inc();
        } else if (revocations.containAny(token.get().ids())) {
            revokedCounter.inc();
            return Optional.empty();
        } else {
            accepted.inc();
        }
        return token;
    }
}
