package dev.roster.database;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.annotation.Async;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;

/**
 * Healthy if the database had all change sets of this version when it last answered. {@link DatabaseHealthCheck}
 * reports a database that does not answer.
 */
@Async(period = 1_000, initialDelay = 0, unit = TimeUnit.MILLISECONDS, healthyTtl = 10_000)
public final class SchemaHealthCheck extends HealthCheck {
    private final Schema schema;
    private volatile Result last = Result.healthy();

    public SchemaHealthCheck(Schema schema) {
        this.schema = schema;
    }

    @Override
    protected Result check() {
        try {
            List<String> pending = schema.pending();
            last = pending.isEmpty() ? Result.healthy() : Result.unhealthy("pending: " + String.join(", ", pending));
        } catch (JdbiException e) {
            return last;
        }
        return last;
    }
}
