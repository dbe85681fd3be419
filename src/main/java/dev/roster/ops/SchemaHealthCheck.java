package dev.roster.ops;

import com.codahale.metrics.health.HealthCheck;
import java.util.List;

/** Healthy while the database has every change set that this service needs. */
public final class SchemaHealthCheck extends HealthCheck {
    private final Schema schema;

    public SchemaHealthCheck(Schema schema) {
        this.schema = schema;
    }

    @Override
    protected Result check() {
        List<String> pending = schema.pending();
        return pending.isEmpty() ? Result.healthy() : Result.unhealthy("pending: " + String.join(", ", pending));
    }
}
