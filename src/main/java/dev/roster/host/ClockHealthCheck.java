package dev.roster.host;

import com.codahale.metrics.health.HealthCheck;

/** Healthy while this machine's clock is at most 30 s away from the database's. The message has the difference. */
final class ClockHealthCheck extends HealthCheck {
    private final DatabaseClock clock;

    ClockHealthCheck(DatabaseClock clock) {
        this.clock = clock;
    }

    @Override
    protected Result check() {
        String message = "this node's clock is " + clock.skewText() + " the database's";
        return clock.isSkewed() ? Result.unhealthy(message) : Result.healthy(message);
    }
}
