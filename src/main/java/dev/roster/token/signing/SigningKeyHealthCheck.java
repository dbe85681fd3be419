package dev.roster.token.signing;

import com.codahale.metrics.health.HealthCheck;
import java.util.List;

/** Healthy while this node can open every signing key. */
final class SigningKeyHealthCheck extends HealthCheck {
    private final SigningKeys keys;

    SigningKeyHealthCheck(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    protected Result check() {
        List<String> unusable = keys.unusable();
        return unusable.isEmpty()
                ? Result.healthy()
                : Result.unhealthy("JWT_SECRET_KEY does not open the key " + String.join(", ", unusable));
    }
}
