package dev.roster.support.database;

import dev.roster.RosterApplication;
import dev.roster.support.TestTokens;
import io.dropwizard.logging.common.BootstrapLogging;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** A database of its own for a test class, migrated, on the one server of the run. */
public final class TestDatabase {
    private static final String TEMPLATE = "roster_template";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable PostgresServer server;

    private final String name;
    private final PostgresServer onServer;

    private TestDatabase(String name, PostgresServer onServer) {
        this.name = name;
        this.onServer = onServer;
    }

    /** A migrated database that nobody else uses. */
    public static TestDatabase migrated() {
        return create("TEMPLATE " + TEMPLATE);
    }

    /** A migrated database of this locale, as {@code CREATE DATABASE} has it. */
    public static TestDatabase migratedWith(String locale) {
        TestDatabase database = create("TEMPLATE template0 " + locale);
        migrate(database);
        return database;
    }

    /** A database with nothing in it. */
    public static TestDatabase empty() {
        return create("TEMPLATE template0");
    }

    /** The same on a server that the test may kill. */
    public static TestDatabase empty(PrivatePostgres server) {
        return create(server.address(), "TEMPLATE template0");
    }

    /** A migrated database on a server that the test may kill. */
    public static TestDatabase migrated(PrivatePostgres server) {
        TestDatabase database = empty(server);
        migrate(database);
        return database;
    }

    private static synchronized TestDatabase create(String options) {
        return create(server(), options);
    }

    private static TestDatabase create(PostgresServer running, String options) {
        String name = "roster_" + COUNT.incrementAndGet();
        superuser(running).useHandle(handle -> handle.execute("CREATE DATABASE " + name + " " + options + " STRATEGY FILE_COPY"));
        return new TestDatabase(name, running);
    }

    private static synchronized PostgresServer server() {
        if (server == null) {
            BootstrapLogging.bootstrap();
            server = PostgresServer.start();
            superuser(server)
                    .useHandle(handle -> handle.execute("CREATE DATABASE " + TEMPLATE + " TEMPLATE template0"));
            migrate(new TestDatabase(TEMPLATE, server));
        }
        return server;
    }

    private static Jdbi superuser(PostgresServer server) {
        return Jdbi.create(server.url("postgres"), server.user(), server.password());
    }

    private static void migrate(TestDatabase database) {
        try {
            new RosterApplication(database.environment(Map.of()), Clock.systemUTC()).run("db", "migrate", "config.yml");
        } catch (Exception e) {
            throw new IllegalStateException("Migrating failed", e);
        }
    }

    public String url() {
        return onServer.url(name);
    }

    /** The address of the same on a standby of its server. */
    public String url(PrivatePostgres standby) {
        return standby.address().url(name);
    }

    public String user() {
        return onServer.user();
    }

    public String password() {
        return onServer.password();
    }

    /** Looks into the database past the service. */
    public Jdbi jdbi() {
        return Jdbi.create(url(), user(), password());
    }

    /** The environment variables with which the service runs on this database, quickly and on ports that are free. */
    public UnaryOperator<@Nullable String> environment(Map<String, String> more) {
        return variables(more)::get;
    }

    /** The same as a map, for a process of its own. */
    public Map<String, String> variables(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>();
        variables.put("DATABASE_URL", url());
        variables.put("POSTGRES_USER", user());
        variables.put("POSTGRES_PASSWORD", password());
        variables.put("JWT_SECRET_KEY", TestTokens.SECRET_KEY);
        variables.put("BCRYPT_COST", "4");
        variables.put("API_PORT", "0");
        variables.put("ADMIN_PORT", "0");
        variables.put("LOG_LEVEL", "WARN");
        // Where a test is about something else, a slow machine shall not be taken for a dead database.
        variables.put("DATABASE_SOCKET_TIMEOUT", "10s");
        variables.put("DATABASE_STATEMENT_TIMEOUT", "9s");
        variables.put("DATABASE_POOL_WAIT", "9s");
        // Where a test is about something else, it tries as often as it likes.
        for (String limit : List.of(
                "LOGIN_FAILURES", "LOGIN_FAILURES_ANYWHERE", "ADDRESS_FAILURES", "REGISTRATIONS", "REFRESHES")) {
            variables.put(limit, "0");
        }
        variables.put("SESSIONS_PER_USER", "10000");
        variables.putAll(more);
        return variables;
    }
}
