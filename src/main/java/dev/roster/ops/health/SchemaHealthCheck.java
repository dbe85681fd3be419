package dev.roster.ops.health;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.annotation.Async;
import dev.roster.ops.Schema;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;

/** Healthy while the database has every change set that this service needs, as far as can be told. */
@Async(period = 1_000, initialDelay = 0, unit = TimeUnit.MILLISECONDS)
public final class SchemaHealthCheck extends HealthCheck {
    private final Schema schema;

    public SchemaHealthCheck(Schema schema) {
        this.schema = schema;
    }

    @Override
    protected Result check() {
        try {
            List<String> pending = schema.pending();
            return pending.isEmpty() ? Result.healthy() : Result.unhealthy("pending: " + String.join(", ", pending));
        } catch (JdbiException e) {
            return Result.unhealthy("not known: the database does not answer");
        }
    }
}
