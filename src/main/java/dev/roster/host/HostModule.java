package dev.roster.host;

import io.dropwizard.health.DelayedShutdownHandler;
import io.dropwizard.util.Duration;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;

/**
 * The behaviour of a node that does not depend on its rooms: the purge, the drain before a stop, and the guard of the
 * admin port.
 */
public final class HostModule implements Room {
    private final Duration purgeInterval;
    private final Duration shutdownDelay;

    /**
     * @param purgeInterval how often expired rows are deleted
     * @param shutdownDelay how long a node still serves after SIGTERM
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
        host.environment()
                .admin()
                .addFilter("admin-methods", new AdminMethodsFilter())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
        Drain drain = new Drain(shutdownDelay.toJavaDuration());
        host.health("shutdown", drain);
        host.jersey(drain);
        if (shutdownDelay.toNanoseconds() > 0) {
            host.environment().lifecycle().addServerLifecycleListener(server -> new DelayedShutdownHandler(drain)
                    .register());
        }
    }
}
