package dev.roster.support.database;

import dev.roster.RosterApplication;
import dev.roster.shell.terminal.Terminal;
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

/** A database for one test class, usually on the server that all classes of this JVM share. */
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

    /** Creates a migrated database. */
    public static TestDatabase migrated() {
        return create("TEMPLATE " + TEMPLATE);
    }

    /**
     * Creates a migrated database with this locale.
     *
     * @param locale options of {@code CREATE DATABASE}
     */
    public static TestDatabase migratedWith(String locale) {
        TestDatabase database = create("TEMPLATE template0 " + locale);
        migrate(database);
        return database;
    }

    /** Creates an empty database. */
    public static TestDatabase empty() {
        return create("TEMPLATE template0");
    }

    /** Creates an empty database on a server of the test's own. */
    public static TestDatabase empty(PrivatePostgres server) {
        return create(server.address(), "TEMPLATE template0");
    }

    /**
     * Creates an empty database on a server of the test's own.
     *
     * @param options options of {@code CREATE DATABASE}
     */
    public static TestDatabase emptyWith(PrivatePostgres server, String options) {
        return create(server.address(), "TEMPLATE template0 " + options);
    }

    /** Creates a migrated database on a server of the test's own. */
    public static TestDatabase migrated(PrivatePostgres server) {
        TestDatabase database = empty(server);
        migrate(database);
        return database;
    }

    /** A database that exists. */
    static TestDatabase named(PostgresServer server, String name) {
        return new TestDatabase(name, server);
    }

    private static synchronized TestDatabase create(String options) {
        return create(server(), options);
    }

    private static TestDatabase create(PostgresServer running, String options) {
        String name = "roster_" + COUNT.incrementAndGet();
        String sql = "CREATE DATABASE " + name + " " + options + " STRATEGY FILE_COPY";
        superuser(running).useHandle(handle -> handle.execute(sql));
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
            new RosterApplication(database.environment(Map.of()), Clock.systemUTC(), Terminal.ofProcess())
                    .run("db", "migrate", "config.yml");
        } catch (Exception e) {
            throw new IllegalStateException("Migrating failed", e);
        }
    }

    public String url() {
        return onServer.url(name);
    }

    /** The address of this database on a standby of its server. */
    public String url(PrivatePostgres standby) {
        return standby.address().url(name);
    }

    /** This database on a standby of its server. */
    public TestDatabase on(PrivatePostgres standby) {
        return new TestDatabase(name, standby.address());
    }

    public String user() {
        return onServer.user();
    }

    public String password() {
        return onServer.password();
    }

    /** A connection to the database that bypasses the service. */
    public Jdbi jdbi() {
        return Jdbi.create(url(), user(), password());
    }

    /** Like {@link #jdbi()}, on a standby of its server, or one that was promoted. */
    public Jdbi jdbi(PrivatePostgres standby) {
        return Jdbi.create(url(standby), user(), password());
    }

    /** The environment of a service that runs on this database, with a cheap hash and free ports. */
    public UnaryOperator<@Nullable String> environment(Map<String, String> more) {
        return variables(more)::get;
    }

    /** The same environment as a map, for a separate process. */
    public Map<String, String> variables(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.putIfAbsent("DATABASE_URL", url());
        return variables(user(), password(), all);
    }

    /** The environment of a service on any database, which these variables have to name. */
    public static Map<String, String> variables(String user, String password, Map<String, String> more) {
        Map<String, String> variables = new HashMap<>();
        variables.put("POSTGRES_USER", user);
        variables.put("POSTGRES_PASSWORD", password);
        variables.put("JWT_SECRET_KEY", TestTokens.SECRET_KEY);
        variables.put("BCRYPT_COST", "4");
        variables.put("API_PORT", "0");
        variables.put("ADMIN_PORT", "0");
        variables.put("LOG_LEVEL", "WARN");
        // A slow machine must not look like a dead database. Tests of timeouts set their own.
        variables.put("DATABASE_SOCKET_TIMEOUT", "10s");
        variables.put("DATABASE_STATEMENT_TIMEOUT", "9s");
        variables.put("DATABASE_POOL_WAIT", "9s");
        // No limits. Tests of limits set their own.
        for (String limit : List.of(
                "LOGIN_FAILURES",
                "LOGIN_FAILURES_ANYWHERE",
                "ADDRESS_FAILURES",
                "REGISTRATIONS",
                "REFRESHES",
                "LOGINS",
                "CHANGES",
                "MAILS_PER_ADDRESS",
                "MAILS_PER_CLIENT")) {
            variables.put(limit, "0");
        }
        variables.put("SESSIONS_PER_USER", "10000");
        variables.putAll(more);
        return variables;
    }
}
