package dev.roster.database;

import dev.roster.host.Host;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedPooledDataSource;
import io.dropwizard.jdbi3.JdbiFactory;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jdbi.v3.core.Jdbi;

/** Connects over pools, which end with the service, and measures them. */
public final class PoolConnector implements Connector {
    private final Host host;
    private final Map<String, ManagedPooledDataSource> pools = new ConcurrentHashMap<>();

    public PoolConnector(Host host) {
        this.host = host;
        GaugeWithCallback.builder()
                .name("roster_database_connections")
                .help("Connections of a pool, by state: active or idle.")
                .labelNames("pool", "state")
                .callback(gauge -> pools.forEach((name, pool) -> {
                    gauge.call(pool.getActive(), name, "active");
                    gauge.call(pool.getIdle(), name, "idle");
                }))
                .register(host.metrics());
        measure("roster_database_connections_max", "The maximum size of a pool.", pool -> pool.getMaxActive());
        measure(
                "roster_database_waiting",
                "Requests that wait for a connection of a pool.",
                pool -> pool.getWaitCount());
    }

    private void measure(String name, String help, ToDoubleFunction<ManagedPooledDataSource> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("pool")
                .callback(gauge -> pools.forEach((pool, source) -> gauge.call(value.applyAsDouble(source), pool)))
                .register(host.metrics());
    }

    @Override
    public Jdbi connect(String name, DataSourceFactory pool) {
        ManagedPooledDataSource source =
                (ManagedPooledDataSource) pool.build(host.environment().metrics(), name);
        pools.put(name, source);
        Jdbi jdbi = new JdbiFactory().build(host.environment(), pool, source, name);
        // A pool whose connections are all in use does not make the node unready: see DatabaseHealthCheck.
        host.environment().healthChecks().unregister(name);
        return Connector.withoutArguments(jdbi);
    }
}
