package dev.roster.database;

import com.codahale.metrics.health.HealthCheck;
import dev.roster.database.primary.PrimaryWatch;

/**
 * Healthy while the primary answers and can be written to, as the watch sees it. A busy pool does not mean that the
 * database is down. Detects a hanging database within 1.5 s, and its return within 0.5 s.
 */
final class DatabaseHealthCheck extends HealthCheck {
    private final PrimaryWatch primary;

    DatabaseHealthCheck(PrimaryWatch primary) {
        this.primary = primary;
    }

    @Override
    protected Result check() {
        String problem = primary.problem();
        return problem == null ? Result.healthy() : Result.unhealthy(problem);
    }
}
