package dev.roster.http.protocol;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.metrics.jetty12.InstrumentedConnectionFactory;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance.Violation;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** Makes both ports read requests as this package does. */
public final class ProtocolSetup implements LifeCycle.Listener {
    private final Duration idleTimeout;
    private final AllowedHosts hosts;
    private final MetricRegistry metrics;

    /**
     * @param idleTimeout how long a connection without a request stays open
     * @param hosts the hosts that clients of the API may address
     */
    public ProtocolSetup(Duration idleTimeout, AllowedHosts hosts, MetricRegistry metrics) {
        this.idleTimeout = idleTimeout;
        this.hosts = hosts;
        this.metrics = metrics;
    }

    @Override
    public void lifeCycleStarting(LifeCycle started) {
        Server server = (Server) started;
        for (Connector connector : server.getConnectors()) {
            setUp((ServerConnector) connector);
        }
        server.insertHandler(new TargetHandler(hosts));
    }

    private void setUp(ServerConnector connector) {
        connector.setIdleTimeout(idleTimeout.toMillis());
        for (HttpConfiguration http : connector.getContainedBeans(HttpConfiguration.class)) {
            http.setHttpCompliance(http.getHttpCompliance()
                    .with("STRICT_HOST", Violation.UNSAFE_HOST_HEADER, Violation.MISMATCHED_AUTHORITY));
            // The name that Dropwizard gives to this timer.
            String timer = MetricRegistry.name(
                    HttpConnectionFactory.class,
                    connector.getHost(),
                    Integer.toString(connector.getPort()),
                    "connections");
            connector.setConnectionFactories(
                    List.of(new InstrumentedConnectionFactory(new StrictConnections(http), metrics.timer(timer))));
        }
    }

    private static final class StrictConnections extends HttpConnectionFactory {
        StrictConnections(HttpConfiguration http) {
            super(http);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            StrictConnection connection = new StrictConnection(getHttpConfiguration(), connector, endPoint);
            connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
            return configure(connection, connector, endPoint);
        }
    }
}
