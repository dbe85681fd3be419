package dev.roster.support;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.shell.terminal.Terminal;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Exposition;
import dev.roster.support.http.RawHttp;
import io.dropwizard.testing.DropwizardTestSupport;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * Runs the whole service in this JVM for a test class, with {@code config.yml} and a database of its own. Register it
 * as {@code @RegisterExtension static}.
 */
public final class RosterExtension implements BeforeAllCallback, AfterAllCallback {
    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private final TestClock clock = new TestClock();
    private final boolean isShared;
    private BiFunction<UnaryOperator<@Nullable String>, Clock, RosterApplication> constructor =
            (environment, clock) -> new RosterApplication(environment, clock, Terminal.ofProcess());
    private @Nullable TestDatabase database;
    private @Nullable RosterService service;

    public RosterExtension() {
        this(false);
    }

    private RosterExtension(boolean isShared) {
        this.isShared = isShared;
    }

    /**
     * Uses one service and one database for all classes of this JVM that call this method. It starts with the first of
     * them and has the default configuration. Such a class must expect rows of others in the database, and must not use
     * the clock, the metrics or the log of the service.
     */
    public static RosterExtension shared() {
        return new RosterExtension(true);
    }

    /** Sets an environment variable of the service. */
    public RosterExtension with(String variable, String value) {
        requireOwn();
        variables.put(variable, value);
        return this;
    }

    /** Overrides a setting of {@code config.yml} that has no variable. Items of a list are separated by commas. */
    public RosterExtension set(String setting, String value) {
        requireOwn();
        settings.put(setting, value);
        return this;
    }

    /** Runs a subclass of the service. */
    public RosterExtension running(BiFunction<UnaryOperator<@Nullable String>, Clock, RosterApplication> subclass) {
        requireOwn();
        constructor = subclass;
        return this;
    }

    /** Uses this database instead of a new one. */
    public RosterExtension on(TestDatabase existing) {
        requireOwn();
        database = existing;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (isShared) {
            service = context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(RosterExtension.class))
                    .getOrComputeIfAbsent(RosterService.class, type -> startUnchecked(), RosterService.class);
        } else {
            start();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!isShared) {
            stop();
        }
    }

    /** Starts the service, for a test that restarts it. */
    public void start() throws Exception {
        requireOwn();
        service = newService();
    }

    /** Stops the service. Its database stays. */
    public void stop() {
        requireOwn();
        service().close();
        service = null;
    }

    /** A client of the API port. */
    public Api api() {
        return service().api();
    }

    /** A client of the API port that sends any bytes. */
    public RawHttp raw() {
        return new RawHttp(api().base());
    }

    /** The address of the admin port. */
    public URI admin() {
        return URI.create("http://127.0.0.1:" + service().support().getAdminPort());
    }

    /** The clock of the service. */
    public TestClock clock() {
        requireOwn();
        return clock;
    }

    public TestDatabase database() {
        return service().database();
    }

    /** A connection to the database that bypasses the service. */
    public Jdbi jdbi() {
        return database().jdbi();
    }

    /** The value of a metric with these labels ({@code name, value, …}), as Prometheus reads it. */
    public long count(String metric, String... labels) {
        double value = Exposition.of(new Api(admin())).value(metric, labels);
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("There is no " + metric);
        }
        return (long) value;
    }

    /** The inside of the service, for what no test over HTTP can see. */
    public DropwizardTestSupport<RosterConfiguration> support() {
        requireOwn();
        return service().support();
    }

    private RosterService startUnchecked() {
        try {
            return newService();
        } catch (Exception e) {
            throw new IllegalStateException("The shared service does not start", e);
        }
    }

    private RosterService newService() throws Exception {
        TestDatabase used = database == null ? TestDatabase.migrated() : database;
        database = used;
        return RosterService.start(constructor, used, variables, settings, clock);
    }

    private RosterService service() {
        if (service == null) {
            throw new IllegalStateException("Not started");
        }
        return service;
    }

    private void requireOwn() {
        if (isShared) {
            throw new IllegalStateException("Other classes use this service too");
        }
    }
}
