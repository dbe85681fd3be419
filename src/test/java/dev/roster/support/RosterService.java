package dev.roster.support;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.net.URI;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/** One running service in this JVM. */
record RosterService(TestDatabase database, DropwizardTestSupport<RosterConfiguration> support, Api api)
        implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /**
     * Starts a service.
     *
     * @param settings overrides of {@code config.yml}
     */
    static RosterService start(
            BiFunction<UnaryOperator<@Nullable String>, Clock, RosterApplication> constructor,
            TestDatabase database,
            Map<String, String> variables,
            Map<String, String> settings,
            Clock clock)
            throws Exception {
        // Overrides are system properties. A prefix of its own keeps them from the other services in this JVM.
        String prefix = "roster.test." + COUNT.incrementAndGet();
        ConfigOverride[] overrides = settings.entrySet().stream()
                .map(setting -> ConfigOverride.config(prefix, setting.getKey(), setting.getValue()))
                .toArray(ConfigOverride[]::new);
        var support =
                new DropwizardTestSupport<RosterConfiguration>(
                        RosterApplication.class, "config.yml", prefix, overrides) {
                    @Override
                    public Application<RosterConfiguration> newApplication() {
                        return constructor.apply(database.environment(variables), clock);
                    }
                };
        support.addListener(new DropwizardTestSupport.ServiceListener<>() {
            @Override
            public void onRun(
                    RosterConfiguration configuration,
                    Environment environment,
                    DropwizardTestSupport<RosterConfiguration> rule) {
                environment.lifecycle().addServerLifecycleListener(RosterService::closeIdleConnectionsAtStop);
            }
        });
        support.before();
        Api api = new Api(URI.create("http://127.0.0.1:" + support.getLocalPort()));
        return new RosterService(database, support, api);
    }

    /** Otherwise Jetty waits one second for clients to close the connections that they keep. */
    private static void closeIdleConnectionsAtStop(Server server) {
        Arrays.stream(server.getConnectors())
                .map(AbstractConnector.class::cast)
                .forEach(connector -> connector.setShutdownIdleTimeout(1));
    }

    /** Stops the service. Its database stays. */
    @Override
    public void close() {
        support.after();
    }
}
