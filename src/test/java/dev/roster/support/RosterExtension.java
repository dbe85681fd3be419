package dev.roster.support;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.RawHttp;
import io.dropwizard.core.Application;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole service in this JVM, as {@code config.yml} says, on a database of its own: {@code @RegisterExtension static}
 * in a test class.
 */
public final class RosterExtension implements BeforeAllCallback, AfterAllCallback {
    private final Map<String, String> variables = new HashMap<>();
    private final List<ConfigOverride> overrides = new ArrayList<>();
    private final TestClock clock = new TestClock();
    private BiFunction<UnaryOperator<@Nullable String>, Clock, RosterApplication> service = RosterApplication::new;
    private @Nullable TestDatabase database;
    private @Nullable DropwizardTestSupport<RosterConfiguration> support;

    /** Sets an environment variable of the service. */
    public RosterExtension with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** Overrides a setting of {@code config.yml} for which there is no variable; a list's items are parted by commas. */
    public RosterExtension set(String setting, String value) {
        overrides.add(ConfigOverride.config(setting, value));
        return this;
    }

    /** Runs a service that is more than the real one. */
    public RosterExtension running(BiFunction<UnaryOperator<@Nullable String>, Clock, RosterApplication> constructor) {
        service = constructor;
        return this;
    }

    /** Runs it on this database rather than on a new one. */
    public RosterExtension on(TestDatabase existing) {
        database = existing;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stop();
    }

    /** Starts the service; for tests that restart it. */
    public void start() throws Exception {
        TestDatabase onDatabase = database == null ? TestDatabase.migrated() : database;
        database = onDatabase;
        support =
                new DropwizardTestSupport<>(
                        RosterApplication.class, "config.yml", overrides.toArray(new ConfigOverride[0])) {
                    @Override
                    public Application<RosterConfiguration> newApplication() {
                        return service.apply(onDatabase.environment(variables), clock);
                    }
                };
        support.before();
    }

    /** Stops the service; its database stays. */
    public void stop() {
        support().after();
        support = null;
    }

    public Api api() {
        return new Api(URI.create("http://127.0.0.1:" + support().getLocalPort()));
    }

    /** The API port, for requests that are no HTTP. */
    public RawHttp raw() {
        return new RawHttp(api().base());
    }

    /** The admin port. */
    public URI admin() {
        return URI.create("http://127.0.0.1:" + support().getAdminPort());
    }

    /** What tells the service the time. */
    public TestClock clock() {
        return clock;
    }

    public TestDatabase database() {
        if (database == null) {
            throw new IllegalStateException("Not started");
        }
        return database;
    }

    /** Looks into the database past the service. */
    public Jdbi jdbi() {
        return database().jdbi();
    }

    /** What the service measures. */
    public MetricRegistry metrics() {
        return support().getEnvironment().metrics();
    }

    /** A counter of what the service measures. */
    public long count(String name) {
        return metrics().counter(name).getCount();
    }

    /** A gauge of what the service measures. */
    public long gauge(String name) {
        Gauge<?> gauge = metrics().getGauges().get(name);
        if (gauge == null) {
            throw new IllegalArgumentException("There is no " + name);
        }
        return ((Number) gauge.getValue()).longValue();
    }

    /** The running service's insides, where no test over HTTP will do. */
    public DropwizardTestSupport<RosterConfiguration> support() {
        if (support == null) {
            throw new IllegalStateException("Not started");
        }
        return support;
    }
}
