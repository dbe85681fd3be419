package dev.roster.database;

import dev.roster.database.session.ConnectionLimits;
import dev.roster.host.Host;
import dev.roster.host.Room;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database: a {@link Jdbi} for each purpose, so that no kind of work takes another's connections. */
public final class DatabaseModule implements Room {
    private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseModule.class);
    /** One in each pool, and those outside the pools. */
    private static final int LEAST_CONNECTIONS = 3 + DatabaseConfiguration.SINGLE_CONNECTIONS;

    private final DatabaseConfiguration configuration;
    private final Jdbi commands;
    private final Jdbi queries;
    private final Jdbi lists;
    private final List<Jdbi> replicas;
    private final Schema schema;

    /** @param connector opens pools for requests, or single connections for a command at a shell */
    public DatabaseModule(DatabaseConfiguration configuration, Connector connector) {
        this.configuration = configuration;
        this.commands = connector.connect("commands", configuration.commands());
        this.queries = connector.connect("queries", configuration.queries());
        this.lists = connector.connect("lists", configuration.lists());
        this.replicas = configuration.hasReplica()
                ? List.of(
                        connector.connect("replica-queries", configuration.replicaQueries()),
                        connector.connect("replica-lists", configuration.replicaLists()))
                : List.of();
        this.schema = new Schema(queries);
    }

    @Override
    public void plugInto(Host host) {
        host.onStart(this::start);
        DatabaseHealthCheck health = new DatabaseHealthCheck(configuration::openProbe);
        host.manage(health);
        host.health("database", health);
        host.health("migrations", new SchemaHealthCheck(schema));
    }

    private void start() throws InterruptedException, SQLException {
        configuration.await();
        try (Connection connection = configuration.openProbe()) { // before this node has others
            ConnectionLimits.of(connection)
                    .check(configuration.mostConnections(), LEAST_CONNECTIONS)
                    .ifPresent(LOGGER::warn);
        }
        schema.requireCurrent();
    }

    /**
     * Waits until the database accepts connections.
     *
     * @throws dev.roster.settings.StartRefusedException if the database accepts none in time, or its schema is behind
     */
    public void await() throws InterruptedException {
        configuration.await();
        schema.requireCurrent();
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
