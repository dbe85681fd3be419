package dev.roster.http.connection;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.jetty.HttpConnectorFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;

/** Builds a {@link ResettingConnector}. Settings are as in Dropwizard's {@code http}. */
@JsonTypeName("resetting-http")
public final class ResettingConnectorFactory extends HttpConnectorFactory {
    @Override
    protected ServerConnector buildConnector(
            Server server,
            Scheduler scheduler,
            ByteBufferPool bufferPool,
            String name,
            ThreadPool threadPool,
            ConnectionFactory... factories) {
        ServerConnector model = super.buildConnector(server, scheduler, bufferPool, name, threadPool, factories);
        return new ResettingConnector(server, threadPool, scheduler, bufferPool, model, factories);
    }
}
