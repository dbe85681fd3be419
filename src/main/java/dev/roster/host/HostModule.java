package dev.roster.host;

import dev.roster.host.admin.AdminFilter;
import dev.roster.host.admin.AdminHosts;
import io.dropwizard.health.DelayedShutdownHandler;
import io.dropwizard.util.Duration;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;

/**
 * The behaviour of a node that does not depend on its rooms: the purge, the check of its clock, the drain before a
 * stop, the guard of the admin port, and the line in the log that says that it has started.
 */
public final class HostModule implements Room {
    private final Duration purgeInterval;
    private final Duration shutdownDelay;
    private final AdminHosts adminHosts;

    /**
     * @param purgeInterval how often expired rows are deleted
     * @param shutdownDelay how long a node still serves after SIGTERM
     * @param adminHosts the names under which the admin port answers
     */
    public HostModule(Duration purgeInterval, Duration shutdownDelay, AdminHosts adminHosts) {
        this.purgeInterval = purgeInterval;
        this.shutdownDelay = shutdownDelay;
        this.adminHosts = adminHosts;
    }

    @Override
    public void plugInto(Host host) {
        host.job("purge", purgeInterval.toJavaDuration(), host::purge);
        host.environment().admin().addTask(new PurgeTask(host));
        host.environment()
                .admin()
                .addFilter("admin", new AdminFilter(adminHosts))
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        host.health("clock", new ClockHealthCheck(host.clock()));
        GaugeWithCallback.builder()
                .name("roster_clock_skew_seconds")
                .help("How far this node's clock is ahead of the database's; negative if it is behind.")
                .callback(gauge -> gauge.call(host.clock().skew().toMillis() / 1000.0))
                .register(host.metrics());
        host.environment()
                .lifecycle()
                .addServerLifecycleListener(new Announcement(host.environment().healthChecks()));
        Drain drain = new Drain(shutdownDelay.toJavaDuration());
        host.health("shutdown", drain);
        host.jersey(drain);
        host.adminJersey(drain);
        if (shutdownDelay.toNanoseconds() > 0) {
            host.environment().lifecycle().addServerLifecycleListener(server -> new DelayedShutdownHandler(drain)
                    .register());
        }
    }
}
