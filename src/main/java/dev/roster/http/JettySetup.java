package dev.roster.http;

import ch.qos.logback.access.jetty.RequestLogImpl;
import dev.roster.http.connection.BufferingHandler;
import dev.roster.http.connection.ClientAddress;
import dev.roster.http.connection.ConnectionConfiguration;
import dev.roster.http.connection.ProxyConfiguration;
import dev.roster.http.connection.ResettingConnector;
import dev.roster.http.connection.UnreadAnswers;
import dev.roster.http.problem.JettyErrorHandler;
import dev.roster.http.trace.PathRequestLog;
import dev.roster.http.trace.RequestDurations;
import io.dropwizard.jersey.filter.AllowedMethodsFilter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.FilterMapping;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** Configures Jetty when the server starts: Dropwizard builds it no earlier. */
final class JettySetup implements LifeCycle.Listener {
    /** In bytes: the part of an answer that the kernel holds for a slow client. */
    private static final int SEND_BUFFER = 16 * 1024;

    private final ConnectionConfiguration connections;
    private final ProxyConfiguration proxies;
    private final JettyErrorHandler errors;
    private final List<ServletHandler> servlets;
    private final UnreadAnswers unread;
    private final PrometheusRegistry metrics;

    JettySetup(
            ConnectionConfiguration connections,
            ProxyConfiguration proxies,
            JettyErrorHandler errors,
            List<ServletHandler> servlets,
            UnreadAnswers unread,
            PrometheusRegistry metrics) {
        this.connections = connections;
        this.proxies = proxies;
        this.errors = errors;
        this.servlets = servlets;
        this.unread = unread;
        this.metrics = metrics;
    }

    @Override
    public void lifeCycleStarting(LifeCycle started) {
        Server server = (Server) started;
        server.insertHandler(new BufferingHandler(connections.bodyTimeout(), connections.answerTimeout(), unread));
        for (Connector connector : server.getConnectors()) {
            ((ServerConnector) connector).setAcceptedSendBufferSize(SEND_BUFFER);
            if (connector instanceof ResettingConnector resetting) {
                resetting.setPatience(connections.exchangeTimeout().toJavaDuration());
            }
        }
        ClientAddress addresses = new ClientAddress(proxies);
        for (HttpConfiguration http : server.getContainedBeans(HttpConfiguration.class)) {
            http.addCustomizer(addresses);
            // Jetty caches recurring headers by connection. Behind a proxy each request has another token, which
            // empties the cache.
            http.setHeaderCacheSize(0);
        }
        server.setErrorHandler(errors);
        logRequests(server);
        servlets.forEach(JettySetup::removeMethodsFilter);
    }

    private void logRequests(Server server) {
        RequestLog log = server.getRequestLog();
        RequestLog durations = new RequestDurations(metrics);
        if (log == null) { // config.yml has no appender
            server.setRequestLog(durations);
            return;
        }
        server.setRequestLog(new RequestLog.Collection(durations, new PathRequestLog(log)));
        server.addBean(log); // starts and stops it with the server
        if (log instanceof RequestLogImpl logback) {
            logback.setQuiet(true); // otherwise it prints its state first
        }
    }

    // Dropwizard's filter refuses unknown methods without the Allow header that a 405 needs.
    private static void removeMethodsFilter(ServletHandler servlets) {
        servlets.setFilterMappings(Arrays.stream(servlets.getFilterMappings())
                .filter(mapping ->
                        servlets.getFilter(mapping.getFilterName()).getHeldClass() != AllowedMethodsFilter.class)
                .toArray(FilterMapping[]::new));
    }
}
