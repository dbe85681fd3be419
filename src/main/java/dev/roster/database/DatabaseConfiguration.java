package dev.roster.database;

import dev.roster.database.primary.Addresses;
import dev.roster.database.primary.PrimaryWatch;
import dev.roster.database.session.ConnectionRefusal;
import dev.roster.database.session.ConnectionValidator;
import dev.roster.database.session.PrimaryConnectionValidator;
import dev.roster.database.session.SessionOptions;
import dev.roster.database.session.WritableConnectionValidator;
import dev.roster.key.Secret;
import dev.roster.settings.StartRefusedException;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.hostchooser.HostRequirement;
import org.postgresql.jdbc.GSSEncMode;
import org.postgresql.jdbc.SslMode;

/**
 * The {@code database} section of the configuration: the primary, an optional replica, and the connections to both.
 *
 * @param url {@code jdbc:postgresql://host:port/database}
 * @param readUrl the replica; empty if there is none
 * @param feedUrl the primary without a pooler in between; empty to use {@code url}
 * @param feedProof {@code read}: what answers is taken for the primary. {@code commit}: what commits is
 * @param startupWait how long the start waits for the database
 * @param commandConnections the maximum number of connections for commands
 * @param queryConnections the maximum number of read-only connections for queries
 * @param listConnections the maximum number of read-only connections for lists of users
 * @param poolWait how long a request waits for a connection from its pool
 * @param connectTimeout how long TCP may take to open a connection, in whole seconds
 * @param loginTimeout how long a new connection may take including TLS and authentication
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

        @NotNull @Pattern(regexp = "read|commit", message = "(FEED_PROOF) must be read or commit")
        String feedProof,

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
    private static final String UNREADABLE =
            "cannot be read: the port must be a number from 1 to 65535, and sslmode, gssEncMode and targetServerType"
                    + " ones that the driver knows, as in jdbc:postgresql://localhost:5432/roster?sslmode=require";

    /** The feed's, that of the watch on the primary, and one for a single statement. */
    static final int SINGLE_CONNECTIONS = 3;

    private static final long RETRY_MILLIS = 250;
    /** Longer than the freshness limit, so that a slow database does not make all nodes reconnect and load again. */
    private static final long FEED_SOCKET_SECONDS = 3;

    private static final long FEED_IDLE_MILLIS = 5_000;
    private static final long FEED_TCP_MILLIS = 10_000;
    private static final double MILLIS = 1_000;

    /** Shorter than the network timeout of a look, so that a look that writes does not break the connection. */
    private static final long WATCH_STATEMENT_MILLIS = 900;

    private static final long WATCH_LOCK_MILLIS = 200;

    private static final int SHELL_LOCK_MILLIS = 5_000;
    private static final int SHELL_STATEMENT_MILLIS = 60_000;
    private static final int SHELL_IDLE_MILLIS = 60_000;
    /** Longer than the statement timeout, so that the database gives up first. */
    private static final long SHELL_SOCKET_SECONDS = 70;
    /**
     * Shorter than for the primary. If the replica does not answer, the primary can still answer in time.
     */
    private static final long REPLICA_STATEMENT_MILLIS = 400;

    private static final long REPLICA_LOCK_MILLIS = 200;
    private static final String REPLICA_LOGIN_SECONDS = "0.5";
    private static final Duration REPLICA_POOL_WAIT = Duration.milliseconds(100);
    private static final Duration MIGRATIONS_WAIT = Duration.minutes(5);
    /** PostgreSQL 17 and newer know it; older ones would refuse a session that states it. */
    private static final String NO_TRANSACTION_TIMEOUT =
            "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout'";

    /** The driver saves a round trip for each new connection if it knows that the server is not older. */
    private static final String OLDEST_SERVER = "14";

    /** One thread of the driver sends all requests to cancel a statement, one after another. */
    private static final String CANCEL_SECONDS = "1";

    /** Otherwise the driver would report that it cannot connect. */
    @ValidationMethod(message = "(DATABASE_URL) " + UNREADABLE)
    public boolean isUrlReadable() {
        return isReadable(url);
    }

    @ValidationMethod(message = "(READ_DATABASE_URL) " + UNREADABLE)
    public boolean isReadUrlReadable() {
        return isReadable(readUrl);
    }

    @ValidationMethod(message = "(FEED_DATABASE_URL) " + UNREADABLE)
    public boolean isFeedUrlReadable() {
        return isReadable(feedUrl);
    }

    /** The driver would otherwise take any of them, and a standby refuses writes. */
    @ValidationMethod(
            message = "(DATABASE_URL) names several hosts, so it needs the parameter targetServerType=primary, as in"
                    + " jdbc:postgresql://a:5432,b:5432/roster?targetServerType=primary")
    public boolean isPrimaryDemanded() {
        return !namesSeveral(url) || Addresses.demandPrimary(url);
    }

    @ValidationMethod(
            message = "(FEED_DATABASE_URL) must name one host, and must be empty if DATABASE_URL names several: the"
                    + " feed follows the primary by itself")
    public boolean isFeedUrlAlone() {
        return !namesSeveral(feedUrl) && (String.valueOf(feedUrl).isEmpty() || !namesSeveral(url));
    }

    private static boolean namesSeveral(@Nullable String address) {
        return address != null && Addresses.of(address).size() > 1;
    }

    private static boolean isReadable(@Nullable String address) {
        if (address == null || !address.matches(URL)) {
            return true; // refused, or not set
        }
        Properties parsed = Driver.parseURL(address, null);
        try {
            return parsed != null
                    && SslMode.of(parsed) != null
                    && GSSEncMode.of(parsed) != null
                    && HostRequirement.getTargetServerType(
                                    String.valueOf(PGProperty.TARGET_SERVER_TYPE.getOrDefault(parsed)))
                            != null;
        } catch (SQLException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The write side's pool. Its idle connections end if they turn out to be read-only. */
    public DataSourceFactory commands() {
        DataSourceFactory factory = pool(primaries().get(0), commandConnections, "roster-commands", requestOptions());
        factory.setValidatorClassName(Optional.of(WritableConnectionValidator.class.getName()));
        return factory;
    }

    /** The read side's pool. PostgreSQL refuses writes on these connections. */
    public DataSourceFactory queries() {
        return primaryReads(queryConnections, "roster-queries", readOnly(requestOptions()));
    }

    /**
     * The pool for lists of users: few connections of their own, so that heavy searching does not block other reads.
     * Every list statement has an index, so sequential scans, generic plans, JIT and parallel workers are off: with
     * outdated statistics, the planner would choose them although they are slower. Merge joins are off too: ids follow
     * the time of creation, so a merge would read all users before the first of a late range. The cost of a random page
     * is that of an SSD. With the default, that of a disk, the planner would read tables instead of indexes.
     */
    public DataSourceFactory lists() {
        return primaryReads(listConnections, "roster-lists", listOptions());
    }

    /** The pools of the primary begin with the first host; {@link PrimaryWatch} points them at the right one. */
    private DataSourceFactory primaryReads(int connections, String name, SessionOptions options) {
        DataSourceFactory factory = pool(primaries().get(0), connections, name, options);
        factory.setValidatorClassName(Optional.of(PrimaryConnectionValidator.class.getName()));
        return factory;
    }

    /** A URL for each host that may be the primary. */
    private List<String> primaries() {
        return Addresses.of(url);
    }

    /** How many connections to the primary a node may have open at once. */
    int mostConnections() {
        return commandConnections + queryConnections + listConnections + SINGLE_CONNECTIONS;
    }

    /** How a server proves that it is the primary, to the feed and to look-ups without it. */
    public FeedProof proof() {
        return FeedProof.valueOf(feedProof.toUpperCase(Locale.ROOT));
    }

    /** Returns true if the read side has a replica. */
    public boolean hasReplica() {
        return !readUrl.isEmpty();
    }

    /** Like {@link #queries}, but to the replica. Opens no connection at the start, because the replica may be down. */
    public DataSourceFactory replicaQueries() {
        return onDemand(pool(readUrl, queryConnections, "roster-queries", onReplica(readOnly(requestOptions()))));
    }

    /** Like {@link #lists}, but to the replica. */
    public DataSourceFactory replicaLists() {
        return onDemand(pool(readUrl, listConnections, "roster-lists", onReplica(listOptions())));
    }

    /** With timeouts for the statements of a request. */
    private SessionOptions requestOptions() {
        return SessionOptions.common()
                .with("statement_timeout", statementTimeout.toMilliseconds())
                .with("lock_timeout", statementTimeout.toMilliseconds())
                .with("idle_in_transaction_session_timeout", socketTimeout.toMilliseconds());
    }

    private SessionOptions listOptions() {
        return readOnly(requestOptions())
                .with("plan_cache_mode", "force_custom_plan")
                .with("enable_seqscan", "off")
                .with("enable_mergejoin", "off")
                .with("random_page_cost", "1.1")
                .with("enable_indexscan", "on")
                .with("enable_indexonlyscan", "on")
                .with("enable_bitmapscan", "on")
                .with("enable_sort", "on")
                .with("jit", "off")
                .with("max_parallel_workers_per_gather", "0");
    }

    private static SessionOptions readOnly(SessionOptions options) {
        return options.with("default_transaction_read_only", "on");
    }

    private static SessionOptions onReplica(SessionOptions options) {
        return options.with("statement_timeout", REPLICA_STATEMENT_MILLIS).with("lock_timeout", REPLICA_LOCK_MILLIS);
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
     *
     * @param primary its address, which {@code feedUrl} overrides
     */
    Connection openFeed(String primary) throws SQLException {
        return open(
                feedUrl.isEmpty() ? primary : Addresses.of(feedUrl).get(0),
                "roster-feed",
                FEED_SOCKET_SECONDS,
                SessionOptions.common()
                        .with("idle_in_transaction_session_timeout", FEED_IDLE_MILLIS)
                        .with("tcp_user_timeout", FEED_TCP_MILLIS)
                        .with("tcp_keepalives_idle", "5")
                        .with("tcp_keepalives_interval", "2")
                        .with("tcp_keepalives_count", "3"));
    }

    /** A new connection to the primary for a single statement. */
    Connection openProbe(String primary) throws SQLException {
        return open(primary, "roster-probe", socketTimeout.toSeconds(), SessionOptions.common());
    }

    /** A new connection for {@code audit-verify}, without a timeout. */
    Connection openVerification(String primary) throws SQLException {
        return withoutTransactionTimeout(open(primary, "roster-audit-verify", 0, SessionOptions.common()));
    }

    /** A new connection for work after the migrations, without a timeout. */
    Connection openMigration(String primary) throws SQLException {
        return withoutTransactionTimeout(open(primary, "roster-migrations", 0, SessionOptions.common()));
    }

    /**
     * A new connection for a command at a shell. Its timeouts are longer than a request's, because no client waits, but
     * they are bounded, because requests may wait for its locks.
     */
    public Connection openShell(String address) throws SQLException {
        return withoutTransactionTimeout(open(
                address,
                "roster-shell",
                SHELL_SOCKET_SECONDS,
                SessionOptions.common()
                        .with("lock_timeout", SHELL_LOCK_MILLIS)
                        .with("statement_timeout", SHELL_STATEMENT_MILLIS)
                        .with("idle_in_transaction_session_timeout", SHELL_IDLE_MILLIS)));
    }

    /**
     * The connections for migrations, without a statement timeout. Even the login may take as long as {@code
     * startupWait}.
     */
    public DataSourceFactory migrations(String primary) {
        DataSourceFactory factory = factory(primary, "roster-migrations", SessionOptions.common());
        factory.setInitializationQuery(NO_TRANSACTION_TIMEOUT);
        String seconds = Long.toString(Math.max(1, startupWait.toSeconds()));
        factory.getProperties().put("connectTimeout", seconds);
        factory.getProperties().put("loginTimeout", seconds);
        return factory;
    }

    /** A watch on all hosts. It begins with {@link PrimaryWatch#start}, or once with {@link #await}. */
    PrimaryWatch watch() {
        return new PrimaryWatch(
                primaries(),
                address -> open(
                        address,
                        "roster-watch",
                        socketTimeout.toSeconds(),
                        SessionOptions.common()
                                .with("statement_timeout", WATCH_STATEMENT_MILLIS)
                                .with("lock_timeout", WATCH_LOCK_MILLIS)));
    }

    /**
     * Waits until the primary accepts a connection, and checks what every command needs of it. Uses no pool, because a
     * pool logs a stack trace for each failure.
     *
     * @param watch finds the primary
     * @param look looks at the connection, while this process has no other
     * @throws StartRefusedException if no primary accepts a connection within {@code startupWait}, or refuses it for a
     *     reason that waiting does not mend, or cannot hold Roster's tables
     */
    void await(PrimaryWatch watch, FirstLook look) throws InterruptedException {
        long deadline = System.nanoTime() + startupWait.toNanoseconds();
        while (true) {
            try (Connection connection = watch.find(this::openFirst)) {
                Schema.requireUsable(connection);
                look.at(connection);
                return;
            } catch (SQLException e) {
                ConnectionRefusal refusal = ConnectionRefusal.of(e);
                if (!refusal.mayPass() || System.nanoTime() - deadline >= 0) {
                    throw refusal.refuseStart(startupWait.toString());
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    /** Looks at the first connection of a start. */
    @FunctionalInterface
    interface FirstLook {
        void at(Connection connection) throws SQLException;
    }

    /**
     * Opens a connection that holds the migration lock until it is closed. One process at a time holds the lock. Polls
     * for the lock: the snapshot of a waiting statement would block CREATE INDEX CONCURRENTLY in the other migration.
     *
     * @throws StartRefusedException if another process holds it for more than 5 minutes
     */
    Connection lockMigrations(String primary) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + MIGRATIONS_WAIT.toNanoseconds();
        Connection connection = openFirst(primary);
        try {
            while (!tryLockMigrations(connection)) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new StartRefusedException(
                            "database", "another migration of it has been running for " + MIGRATIONS_WAIT);
                }
                Thread.sleep(RETRY_MILLIS);
            }
            return connection;
        } catch (SQLException | InterruptedException | StartRefusedException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean tryLockMigrations(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_try_advisory_lock(hashtext('roster-migrations'))")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Waits longer for a single host, which may start at the same time. A silent host must not delay the others. */
    private Connection openFirst(String address) throws SQLException {
        DataSourceFactory patient = migrations(address);
        if (primaries().size() > 1) {
            patient.getProperties().putAll(timeouts());
        }
        Properties properties = properties(patient);
        properties.setProperty("socketTimeout", Long.toString(socketTimeout.toSeconds()));
        return withoutTransactionTimeout(DriverManager.getConnection(address, properties));
    }

    /** Opens a connection outside the pools. */
    private Connection open(String address, String name, long socketSeconds, SessionOptions options)
            throws SQLException {
        Properties properties = properties(factory(address, name, options));
        properties.setProperty("socketTimeout", Long.toString(socketSeconds));
        return DriverManager.getConnection(address, properties);
    }

    private Map<String, String> timeouts() {
        return Map.of(
                "connectTimeout",
                Long.toString(connectTimeout.toSeconds()),
                "loginTimeout",
                Double.toString(loginTimeout.toMilliseconds() / MILLIS));
    }

    private Properties properties(DataSourceFactory factory) {
        Properties properties = new Properties();
        properties.putAll(factory.getProperties());
        properties.setProperty("user", user);
        properties.setProperty("password", password.reveal());
        return properties;
    }

    private static Connection withoutTransactionTimeout(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(NO_TRANSACTION_TIMEOUT);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private DataSourceFactory pool(String address, int connections, String name, SessionOptions options) {
        DataSourceFactory factory = factory(address, name, options);
        factory.getProperties().put("socketTimeout", Long.toString(socketTimeout.toSeconds()));
        factory.setInitialSize(1);
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

    private DataSourceFactory factory(String address, String name, SessionOptions options) {
        Map<String, String> properties = new HashMap<>();
        properties.put("ApplicationName", name);
        properties.put("options", options.toString());
        properties.put("assumeMinServerVersion", OLDEST_SERVER);
        properties.putAll(timeouts());
        properties.put("cancelSignalTimeout", CANCEL_SECONDS);
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
