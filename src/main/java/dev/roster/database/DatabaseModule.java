package dev.roster.database;

import dev.roster.database.primary.PrimaryWatch;
import dev.roster.database.session.ConnectionLimits;
import dev.roster.host.DatabaseClock;
import dev.roster.host.Host;
import dev.roster.host.Room;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.transaction.TransactionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database: a {@link Jdbi} for each purpose, so that no kind of work takes another's connections. */
public final class DatabaseModule implements Room {
    private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseModule.class);
    /** One in each pool, and those outside the pools. */
    private static final int LEAST_CONNECTIONS = 3 + DatabaseConfiguration.SINGLE_CONNECTIONS;

    // The most requests that wait for a connection of each pool. Each may hold a thread of the server, so config.yml
    // has to allow more threads than these together. A read that finds no place before the replica asks the primary.
    private static final int COMMANDS_WAITING = 224;
    private static final int QUERIES_WAITING = 128;
    private static final int LISTS_WAITING = 64;
    private static final int REPLICA_WAITING = 16;

    private final DatabaseClock clock;
    private final DatabaseConfiguration configuration;
    private final Jdbi commands;
    private final Jdbi queries;
    private final Jdbi lists;
    private final List<Jdbi> replicas;
    private final Schema schema;
    private final PrimaryWatch watch;
    private final FeedProof proof;

    /** @param connector opens pools for requests, or single connections for a command at a shell */
    public DatabaseModule(Host host, DatabaseConfiguration configuration, Connector connector) {
        this.clock = host.clock();
        this.configuration = configuration;
        this.watch = configuration.watch();
        this.commands = connector.toPrimary("commands", configuration.commands(), COMMANDS_WAITING, watch);
        this.queries = connector.toPrimary("queries", configuration.queries(), QUERIES_WAITING, watch);
        this.lists = connector.toPrimary("lists", configuration.lists(), LISTS_WAITING, watch);
        this.replicas = configuration.hasReplica()
                ? List.of(
                        connector.toReplica("replica-queries", configuration.replicaQueries(), REPLICA_WAITING),
                        connector.toReplica("replica-lists", configuration.replicaLists(), REPLICA_WAITING))
                : List.of();
        this.schema = new Schema(queries);
        this.proof = configuration.proof();
    }

    @Override
    public void plugInto(Host host) {
        host.onStart(this::start);
        host.manage(watch);
        host.noPersonalData("epochs");
        host.health("database", new DatabaseHealthCheck(watch));
        host.health("migrations", new SchemaHealthCheck(schema));
        GaugeWithCallback.builder()
                .name("roster_primary_timeline")
                .help("The timeline of the primary that this node uses.")
                .callback(gauge -> gauge.call(watch.epoch().timeline()))
                .register(host.metrics());
        CounterWithCallback.builder()
                .name("roster_primary_changes")
                .help("How often another server has become the primary since this node started.")
                .callback(counter ->
                        counter.call((double) Math.max(0, watch.epoch().number() - 1)))
                .register(host.metrics());
    }

    private void start() throws InterruptedException {
        configuration.await(watch, connection -> ConnectionLimits.of(connection)
                .check(configuration.mostConnections(), LEAST_CONNECTIONS)
                .ifPresent(LOGGER::warn));
        agree();
        watch.start();
    }

    /**
     * Waits until the database accepts connections. Afterwards, the service's clock is right.
     *
     * @throws dev.roster.settings.StartRefusedException if the database accepts none in time, or its schema is behind
     */
    public void await() throws InterruptedException {
        configuration.await(watch, connection -> {});
        agree();
    }

    /** Checks that the schema is this version's, and sets the service's clock. */
    private void agree() {
        schema.requireCurrent();
        queries.useHandle(this::setClock);
    }

    /** Sets the service's clock, if it is wrong. The feed does so with each heartbeat. */
    public void setClock(Handle handle) {
        Instant unused = clock.measure(() -> time(handle));
    }

    private static Instant time(Handle handle) {
        return handle.createQuery("SELECT clock_timestamp()")
                .map((row, context) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .one();
    }

    /** Which server is the primary. */
    public PrimaryWatch watch() {
        return watch;
    }

    /** A new connection to the primary for LISTEN: see {@link DatabaseConfiguration#openFeed}. */
    public Connection openFeed() throws SQLException {
        return configuration.openFeed(watch.address());
    }

    /** A new connection to the primary for a single statement. */
    public Connection openProbe() throws SQLException {
        return configuration.openProbe(watch.address());
    }

    /** A new connection to the primary for {@code audit-verify}, without a timeout. */
    public Connection openVerification() throws SQLException {
        return configuration.openVerification(watch.address());
    }

    /**
     * Reads from the primary, for look-ups while memory may lack a change. If the setting asks for it, the server then
     * proves that it is still the primary.
     *
     * @throws org.jdbi.v3.core.JdbiException if it does not
     */
    public <T> T readProven(Function<Handle, T> read) {
        return queries.withHandle(handle -> {
            T found = read.apply(handle);
            if (proof == FeedProof.COMMIT) {
                prove(handle);
            }
            return found;
        });
    }

    private void prove(Handle handle) {
        try (PreparedStatement statement = proof.prepare(handle.getConnection())) {
            Instant unused = proof.ask(statement);
        } catch (SQLException e) {
            throw new TransactionException("The server has not proven that it is the primary", e);
        }
    }

    public DatabaseConfiguration configuration() {
        return configuration;
    }

    /** The write side's connections to the primary. */
    public Jdbi commands() {
        return commands;
    }

    /** Read-only connections to the primary. */
    public Jdbi queries() {
        return queries;
    }

    /** Read-only connections to the primary for lists of users. */
    public Jdbi lists() {
        return lists;
    }

    public boolean hasReplica() {
        return !replicas.isEmpty();
    }

    /** Like {@link #queries}, but to the replica. Call it only if {@link #hasReplica}. */
    public Jdbi replicaQueries() {
        return replicas.get(0);
    }

    /** Like {@link #lists}, but to the replica. Call it only if {@link #hasReplica}. */
    public Jdbi replicaLists() {
        return replicas.get(1);
    }

    /** Prepares a room's SQL objects: otherwise each handle reads their annotations again. */
    public void prepare(Class<?>... sqlObjects) {
        all().forEach(jdbi -> SqlObjects.prepare(jdbi, sqlObjects));
    }

    /** Registers a room's row mapper. */
    public <T> void map(Class<T> type, RowMapper<T> mapper) {
        all().forEach(jdbi -> jdbi.registerRowMapper(type, mapper));
    }

    private List<Jdbi> all() {
        return Stream.concat(Stream.of(commands, queries, lists), replicas.stream())
                .toList();
    }
}
