package dev.roster.database;

import dev.roster.database.pool.PoolQueue;
import dev.roster.database.primary.PrimaryPool;
import dev.roster.database.primary.PrimaryWatch;
import dev.roster.host.Host;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.db.ManagedPooledDataSource;
import io.dropwizard.jdbi3.JdbiFactory;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/** Connects over pools with a {@link PoolQueue} each, which end with the service, and measures them. */
public final class PoolConnector implements Connector {
    private final Host host;
    private final Map<String, Pool> pools = new ConcurrentHashMap<>();
    private final Counter refusals;

    public PoolConnector(Host host) {
        this.host = host;
        GaugeWithCallback.builder()
                .name("roster_database_connections")
                .help("Connections of a pool, by state: active or idle.")
                .labelNames("pool", "state")
                .callback(gauge -> pools.forEach((name, pool) -> {
                    gauge.call(pool.source().getActive(), name, "active");
                    gauge.call(pool.source().getIdle(), name, "idle");
                }))
                .register(host.metrics());
        measure("roster_database_connections_max", "The maximum size of a pool.", pool -> pool.source()
                .getMaxActive());
        measure("roster_database_waiting", "Requests that wait for a connection of a pool.", pool -> pool.queue()
                .waiting());
        measure(
                "roster_database_waiting_max",
                "The most requests that may wait for a connection of a pool.",
                pool -> pool.queue().maxWaiting());
        this.refusals = Counter.builder()
                .name("roster_database_refusals")
                .help("Requests refused because too many wait for a connection of a pool.")
                .labelNames("pool")
                .withoutExemplars()
                .register(host.metrics());
    }

    private void measure(String name, String help, ToDoubleFunction<Pool> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("pool")
                .callback(gauge -> pools.forEach((label, pool) -> gauge.call(value.applyAsDouble(pool), label)))
                .register(host.metrics());
    }

    @Override
    public Jdbi toPrimary(String name, DataSourceFactory pool, int maxWaiting, PrimaryWatch primary) {
        ManagedPooledDataSource source = build(name, pool);
        PrimaryPool followed = new PrimaryPool(source);
        source.setValidator(followed);
        primary.addFollower(followed);
        return connect(name, pool, maxWaiting, source, queue -> new PrimaryConnections(primary, queue));
    }

    @Override
    public Jdbi toReplica(String name, DataSourceFactory pool, int maxWaiting) {
        return connect(name, pool, maxWaiting, build(name, pool), queue -> queue);
    }

    private ManagedPooledDataSource build(String name, DataSourceFactory pool) {
        return (ManagedPooledDataSource) pool.build(host.environment().metrics(), name);
    }

    private Jdbi connect(
            String name,
            DataSourceFactory pool,
            int maxWaiting,
            ManagedPooledDataSource source,
            Function<PoolQueue, ConnectionFactory> door) {
        PoolQueue queue = new PoolQueue(
                name,
                source,
                pool.getMaxSize(),
                maxWaiting,
                pool.getMaxWaitForConnection().toJavaDuration(),
                refusals.labelValues(name));
        pools.put(name, new Pool(source, queue));
        Jdbi jdbi = new QueuedJdbi(door.apply(queue)).build(host.environment(), pool, source, name);
        // A pool whose connections are all in use does not make the node unready: see DatabaseHealthCheck.
        host.environment().healthChecks().unregister(name);
        return Connector.withoutArguments(jdbi);
    }

    /** Refuses at once while there is no primary: then no request waits for a connection that leads nowhere. */
    private record PrimaryConnections(PrimaryWatch primary, PoolQueue queue) implements ConnectionFactory {
        @Override
        public Connection openConnection() throws SQLException {
            String unused = primary.address();
            return queue.openConnection();
        }

        @Override
        public void closeConnection(Connection connection) throws SQLException {
            queue.closeConnection(connection);
        }
    }

    private record Pool(ManagedPooledDataSource source, PoolQueue queue) {}

    private static final class QueuedJdbi extends JdbiFactory {
        private final ConnectionFactory connections;

        QueuedJdbi(ConnectionFactory connections) {
            this.connections = connections;
        }

        @Override
        protected Jdbi newInstance(ManagedDataSource source) {
            return Jdbi.create(connections);
        }
    }
}
