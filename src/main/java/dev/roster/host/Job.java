package dev.roster.host;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done every now and then, and done again where it failed. Always healthy, since nobody is served worse for what
 * is not done yet: its message says whether the last run failed. Thread-safe.
 */
public final class Job extends HealthCheck implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Job.class);

    private final String name;
    private final Runnable task;
    private final Counter failures;
    private volatile String lastFailure = "";

    /** @param name as logs and the metric {@code roster.<name>.failures} have it */
    public Job(String name, Runnable task, MetricRegistry metrics) {
        this.name = name;
        this.task = task;
        this.failures = metrics.counter("roster." + name + ".failures");
    }

    /** Runs, and swallows no failure: it is counted and shown, and the first of several in a row is logged. */
    @Override
    public void run() {
        try {
            task.run();
            lastFailure = "";
        } catch (RuntimeException e) {
            failures.inc();
            if (lastFailure.isEmpty()) {
                LOGGER.warn("The {} failed", name, e);
            }
            lastFailure = e.getClass().getSimpleName();
        }
    }

    @Override
    protected Result check() {
        return lastFailure.isEmpty() ? Result.healthy() : Result.healthy("the last run failed: " + lastFailure);
    }
}
