package dev.roster.database;

import dev.roster.key.Secret;
import dev.roster.settings.StartRefusedException;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The {@code database} section of the configuration: the primary, an optional replica, and the connections to both.
 *
 * @param url {@code jdbc:postgresql://host:port/database}
 * @param readUrl the replica; empty if there is none
 * @param feedUrl the primary without a pooler in between; empty to use {@code url}
 * @param startupWait how long the start waits for the database
 * @param commandConnections the maximum number of connections for commands
 * @param queryConnections the maximum number of read-only connections for queries
 * @param listConnections the maximum number of read-only connections for lists of users
 * @param poolWait how long a request waits for a connection from its pool
 * @param connectTimeout how long a new connection may take, in whole seconds
 * @param loginTimeout how long a new connection may take including authentication, in whole seconds
 * @param statementTimeout how long a statement, or its wait for a lock, may take
 * @param socketTimeout how long a connection waits for an answer before it is closed, in whole seconds
 */
public record DatabaseConfiguration(
        @NotNull @Pattern(regexp = URL, message = URL_MESSAGE)
        String url,

        @NotNull @Pattern(regexp = "|" + URL, message = URL_MESSAGE)
        String readUrl,

        @NotNull @Pattern(regexp = "|" + URL, message = URL_MESSAGE)
        String feedUrl,

        @NotBlank(message = "must not be blank, such as roster")
        String user,

        @NotNull Secret password,

        @NotNull @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
        Duration startupWait,

        @NotNull @Min(1) @Max(1000) Integer commandConnections,
        @NotNull @Min(1) @Max(1000) Integer queryConnections,
        @NotNull @Min(1) @Max(1000) Integer listConnections,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS) @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration poolWait,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration connectTimeout,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration loginTimeout,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS) @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration statementTimeout,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration socketTimeout) {

    /** Refuses parameters that would override the timeouts of the configuration. */
    private static final String URL =
            "jdbc:postgresql:(?!.*[?&](options|socketTimeout|connectTimeout|loginTimeout)=).+";

    private static final String URL_MESSAGE =
            "must begin with jdbc:postgresql: and have none of the parameters options,"
                    + " socketTimeout, connectTimeout and loginTimeout, which config.yml sets, as in"
                    + " jdbc:postgresql://localhost:5432/roster";

    private static final long RETRY_MILLIS = 250;
    /** Longer than the freshness limit, so that a slow database does not make all nodes reconnect and load again. */
    private static final long FEED_SOCKET_SECONDS = 3;

    private static final int SHELL_LOCK_MILLIS = 5_000;
    private static final int SHELL_STATEMENT_MILLIS = 60_000;
    private static final int SHELL_IDLE_MILLIS = 60_000;
    /** Longer than the statement timeout, so that the database gives up first. */
    private static final long SHELL_SOCKET_SECONDS = 70;

    private static final String READ_ONLY = " -c default_transaction_read_only=on";
    private static final String LIST_OPTIONS = READ_ONLY + " -c plan_cache_mode=force_custom_plan -c enable_seqscan=off"
            + " -c jit=off -c max_parallel_workers_per_gather=0";
    /**
     * Shorter than for the primary. If the replica does not answer, the primary can still answer within 2 s in total.
     */
    private static final String REPLICA_OPTIONS = " -c statement_timeout=400 -c lock_timeout=200";

    private static final String REPLICA_LOGIN_SECONDS = "0.5";
    private static final Duration REPLICA_POOL_WAIT = Duration.milliseconds(100);
    private static final Duration MIGRATIONS_WAIT = Duration.minutes(5);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String NO_SUCH_DATABASE = "3D000";

    /** The write side's pool. A commit is on disk before it is acknowledged, even if the server's default differs. */
    public DataSourceFactory commands() {
        return pool(url, commandConnections, "roster-commands", " -c synchronous_commit=on");
    }

    /** The read side's pool. PostgreSQL refuses writes on these connections. */
    public DataSourceFactory queries() {
        return pool(url, queryConnections, "roster-queries", READ_ONLY);
    }

    /**
     * The pool for lists of users: few connections of their own, so that heavy searching does not block other reads.
     * Every list statement has an index, so sequential scans, generic plans, JIT and parallel workers are off: with
     * outdated statistics, the planner would choose them although they are slower.
     */
    public DataSourceFactory lists() {
        return pool(url, listConnections, "roster-lists", LIST_OPTIONS);
    }

    /** Whether the read side has a replica. */
    public boolean hasReplica() {
        return !readUrl.isEmpty();
    }

    /** Like {@link #queries}, but to the replica. Opens no connection at the start, because the replica may be down. */
    public DataSourceFactory replicaQueries() {
        return onDemand(pool(readUrl, queryConnections, "roster-queries", READ_ONLY + REPLICA_OPTIONS));
    }

    /** Like {@link #lists}, but to the replica. */
    public DataSourceFactory replicaLists() {
        return onDemand(pool(readUrl, listConnections, "roster-lists", LIST_OPTIONS + REPLICA_OPTIONS));
    }

    private static DataSourceFactory onDemand(DataSourceFactory factory) {
        factory.setInitialSize(0);
        factory.setMinSize(0);
        factory.setMaxWaitForConnection(REPLICA_POOL_WAIT);
        factory.getProperties().put("loginTimeout", REPLICA_LOGIN_SECONDS);
        return factory;
    }

    /**
     * A new connection for LISTEN. PostgreSQL keeps notifications until every listener has taken them, so the server
     * must notice a lost listener soon: hence the TCP settings.
     */
    public Connection openFeed() throws SQLException {
        Properties properties = properties("roster-feed", FEED_SOCKET_SECONDS);
        properties.setProperty(
                "options",
                "-c idle_in_transaction_session_timeout=5000 -c tcp_user_timeout=10000"
                        + " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3");
        return DriverManager.getConnection(feedUrl.isEmpty() ? url : feedUrl, properties);
    }

    /** A new connection to the primary for a single statement or for health checks. */
    public Connection openProbe() throws SQLException {
        return DriverManager.getConnection(url, properties("roster-probe", socketTimeout.toSeconds()));
    }

    /** A new connection for {@code audit-verify}, without a timeout. */
    public Connection openVerification() throws SQLException {
        return DriverManager.getConnection(url, properties("roster-audit-verify", 0));
    }

    /**
     * A new connection for a command at a shell. Its timeouts are longer than a request's, because no client waits, but
     * they are bounded, because requests may wait for its locks.
     */
    public Connection openShell() throws SQLException {
        Properties properties = properties("roster-shell", SHELL_SOCKET_SECONDS);
        properties.setProperty(
                "options",
                "-c synchronous_commit=on -c lock_timeout=" + SHELL_LOCK_MILLIS + " -c statement_timeout="
                        + SHELL_STATEMENT_MILLIS + " -c idle_in_transaction_session_timeout=" + SHELL_IDLE_MILLIS);
        return DriverManager.getConnection(url, properties);
    }

    /**
     * The connections for migrations, without a statement timeout. Even the login may take as long as {@code
     * startupWait}.
     */
    public DataSourceFactory migrations() {
        DataSourceFactory factory = factory(url, "roster-migrations", new HashMap<>());
        String seconds = Long.toString(Math.max(1, startupWait.toSeconds()));
        factory.getProperties().put("connectTimeout", seconds);
        factory.getProperties().put("loginTimeout", seconds);
        return factory;
    }

    /**
     * Waits until the database accepts a connection. Uses no pool, because a pool logs a stack trace for each failure.
     *
     * @throws StartRefusedException if the database accepts no connection within {@code startupWait}, or refuses the
     *     login
     */
    public void await() throws InterruptedException {
        long deadline = System.nanoTime() + startupWait.toNanoseconds();
        while (true) {
            try {
                connect(socketTimeout.toSeconds()).close();
                return;
            } catch (SQLException e) {
                if (isFinal(e) || System.nanoTime() - deadline >= 0) {
                    throw refusal(e);
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    /**
     * Opens a connection that holds the migration lock until it is closed. One process at a time holds the lock.
     *
     * @throws StartRefusedException if another process holds it for more than 5 minutes
     */
    Connection lockMigrations() throws SQLException {
        Connection connection = connect(MIGRATIONS_WAIT.toSeconds() + socketTimeout.toSeconds());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '" + MIGRATIONS_WAIT.toSeconds() + "s'");
            statement.execute("SELECT pg_advisory_lock(hashtext('roster-migrations'))");
            return connection;
        } catch (SQLException e) {
            connection.close();
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw new StartRefusedException(
                        "database", "another migration of it has been running for " + MIGRATIONS_WAIT);
            }
            throw e;
        }
    }

    private Connection connect(long socketSeconds) throws SQLException {
        Properties properties = properties("roster-migrations", socketSeconds);
        properties.putAll(migrations().getProperties()); // with their timeouts
        return DriverManager.getConnection(url, properties);
    }

    /** The driver's properties for a connection outside the pools. */
    private Properties properties(String name, long socketSeconds) {
        Properties properties = new Properties();
        properties.putAll(factory(url, name, new HashMap<>()).getProperties());
        properties.setProperty("user", user);
        properties.setProperty("password", password.reveal());
        properties.setProperty("socketTimeout", Long.toString(socketSeconds));
        return properties;
    }

    /** Whether the database answered and refused the connection, so that a retry is useless. */
    private static boolean isFinal(SQLException e) {
        return isLoginRefused(e) || NO_SUCH_DATABASE.equals(e.getSQLState());
    }

    private static boolean isLoginRefused(SQLException e) {
        return String.valueOf(e.getSQLState()).startsWith("28");
    }

    // The SQLSTATE selects the message, because the driver's messages contain the values of settings.
    private StartRefusedException refusal(SQLException e) {
        if (isLoginRefused(e)) {
            return new StartRefusedException(
                    "POSTGRES_USER or POSTGRES_PASSWORD", "the database does not accept this user with this password");
        }
        return switch (String.valueOf(e.getSQLState())) {
            case NO_SUCH_DATABASE ->
                new StartRefusedException("DATABASE_URL", "there is no such database on the server");
            case "53300" -> new StartRefusedException("DATABASE_URL", "the database has no connection to spare");
            case "57P03" ->
                new StartRefusedException("DATABASE_URL", "the database has not started within " + startupWait);
            default -> new StartRefusedException("DATABASE_URL", "no database answers there within " + startupWait);
        };
    }

    private DataSourceFactory pool(String address, int connections, String name, String moreOptions) {
        Map<String, String> properties = new HashMap<>();
        properties.put("socketTimeout", Long.toString(socketTimeout.toSeconds()));
        long statementMillis = statementTimeout.toMilliseconds();
        properties.put(
                "options",
                "-c statement_timeout=" + statementMillis
                        + " -c lock_timeout=" + statementMillis
                        + " -c idle_in_transaction_session_timeout=" + socketTimeout.toMilliseconds()
                        + moreOptions);
        DataSourceFactory factory = factory(address, name, properties);
        factory.setInitialSize(Math.min(2, connections));
        factory.setMinSize(Math.min(2, connections));
        factory.setMaxSize(connections);
        factory.setMaxWaitForConnection(poolWait);
        factory.setAutoCommentsEnabled(false);
        factory.setCheckConnectionOnBorrow(true);
        factory.setCheckConnectionOnReturn(true);
        factory.setCheckConnectionWhileIdle(true);
        factory.setEvictionInterval(Duration.seconds(2));
        factory.setValidationInterval(Duration.milliseconds(0));
        factory.setValidatorClassName(Optional.of(ConnectionValidator.class.getName()));
        factory.setValidationQuery("SELECT 1");
        factory.setValidationQueryTimeout(Duration.seconds(1));
        return factory;
    }

    private DataSourceFactory factory(String address, String name, Map<String, String> properties) {
        properties.put("ApplicationName", name);
        properties.put("connectTimeout", Long.toString(connectTimeout.toSeconds()));
        properties.put("loginTimeout", Long.toString(loginTimeout.toSeconds()));
        properties.put("tcpKeepAlive", "true");
        properties.put("logServerErrorDetail", "false"); // a detail may contain a row and its password hash
        DataSourceFactory factory = new DataSourceFactory();
        factory.setDriverClass("org.postgresql.Driver");
        factory.setUrl(address);
        factory.setUser(user);
        factory.setPassword(password.reveal());
        factory.setProperties(properties);
        return factory;
    }
}
