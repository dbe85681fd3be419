package dev.roster.host;

import io.dropwizard.health.DelayedShutdownHandler;
import io.dropwizard.util.Duration;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;

/** What a node does whichever rooms it has: purge, drain before it stops, and guard the admin port. */
public final class HostModule implements Room {
    private final Duration purgeInterval;
    private final Duration shutdownDelay;

    /**
     * @param purgeInterval how often expired rows are deleted
     * @param shutdownDelay how long a node serves on after it was told to stop
     */
    public HostModule(Duration purgeInterval, Duration shutdownDelay) {
        this.purgeInterval = purgeInterval;
        this.shutdownDelay = shutdownDelay;
    }

    @Override
    public void plugInto(Host host) {
        host.job("purge", purgeInterval.toJavaDuration(), host::purge);
        host.environment().admin().addTask(new PurgeTask(host));
        host.environment()
                .admin()
                .addFilter("admin", new AdminFilter())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        Drain drain = new Drain(shutdownDelay.toJavaDuration());
        host.health("shutdown", drain);
        host.jersey(drain);
        if (shutdownDelay.toNanoseconds() > 0) {
            host.environment().lifecycle().addServerLifecycleListener(server -> new DelayedShutdownHandler(drain)
                    .register());
        }
    }
}
