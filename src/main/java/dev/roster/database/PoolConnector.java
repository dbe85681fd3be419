package dev.roster.database;

import dev.roster.database.pool.PoolQueue;
import dev.roster.host.Host;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.db.ManagedPooledDataSource;
import io.dropwizard.jdbi3.JdbiFactory;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
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
    public Jdbi connect(String name, DataSourceFactory pool, int maxWaiting) {
        ManagedPooledDataSource source =
                (ManagedPooledDataSource) pool.build(host.environment().metrics(), name);
        PoolQueue queue = new PoolQueue(
                name,
                source,
                pool.getMaxSize(),
                maxWaiting,
                pool.getMaxWaitForConnection().toJavaDuration(),
                refusals.labelValues(name));
        pools.put(name, new Pool(source, queue));
        Jdbi jdbi = new QueuedJdbi(queue).build(host.environment(), pool, source, name);
        // A pool whose connections are all in use does not make the node unready: see DatabaseHealthCheck.
        host.environment().healthChecks().unregister(name);
        return Connector.withoutArguments(jdbi);
    }

    private record Pool(ManagedPooledDataSource source, PoolQueue queue) {}

    private static final class QueuedJdbi extends JdbiFactory {
        private final PoolQueue queue;

        QueuedJdbi(PoolQueue queue) {
            this.queue = queue;
        }

        @Override
        protected Jdbi newInstance(ManagedDataSource source) {
            return Jdbi.create(queue);
        }
    }
}
