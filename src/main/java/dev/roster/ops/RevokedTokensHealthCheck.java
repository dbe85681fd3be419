package dev.roster.ops;

import com.codahale.metrics.health.HealthCheck;
import dev.roster.token.RevokedTokens;

/** Tells how many ids the revoked set holds. It is loaded before the node serves, so being asked is being healthy. */
public final class RevokedTokensHealthCheck extends HealthCheck {
    private final RevokedTokens revoked;

    public RevokedTokensHealthCheck(RevokedTokens revoked) {
        this.revoked = revoked;
    }

    @Override
    protected Result check() {
        return Result.healthy("loaded, %d ids", revoked.size());
    }
}
