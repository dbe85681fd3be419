package dev.roster.host;

import com.codahale.metrics.health.HealthCheck;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A periodic task, which also runs again after a failure. The health check is always healthy, because requests do not
 * depend on the task; its message reports a failed last run. Thread-safe.
 */
public final class Job extends HealthCheck implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Job.class);

    private final String name;
    private final Runnable task;
    private final CounterDataPoint failures;
    private volatile String lastFailure = "";

    Job(String name, Runnable task, CounterDataPoint failures) {
        this.name = name;
        this.task = task;
        this.failures = failures;
    }

    /**
     * Runs the task. A failure is counted and shown by the health check. The first of consecutive failures is logged.
     */
    @Override
    public void run() {
        try {
            task.run();
            lastFailure = "";
        } catch (RuntimeException e) {
            failures.inc();
            boolean isFirst = lastFailure.isEmpty();
            if (e instanceof WithheldException withheld) {
                lastFailure = withheld.reason;
                if (isFirst) {
                    LOGGER.warn("The job {} failed: {}", name, lastFailure);
                }
            } else {
                lastFailure = e.getClass().getSimpleName();
                if (isFirst) {
                    LOGGER.warn("The job {} failed", name, e);
                }
            }
        }
    }

    @Override
    protected Result check() {
        return lastFailure.isEmpty() ? Result.healthy() : Result.healthy("the last run failed: " + lastFailure);
    }

    /** The task found its work unsafe, and left it undone. The log and the health check show the reason. */
    public static final class WithheldException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        public WithheldException(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
