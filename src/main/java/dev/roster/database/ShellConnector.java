package dev.roster.database;

import dev.roster.database.primary.PrimaryWatch;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/** Opens a connection for each use, with the patience of a command at a shell. */
public final class ShellConnector extends JdbiFactory implements Connector {
    private final DatabaseConfiguration configuration;

    public ShellConnector(DatabaseConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public Jdbi toPrimary(String name, DataSourceFactory pool, int maxWaiting, PrimaryWatch primary) {
        return connect(() -> configuration.openShell(primary.address()));
    }

    @Override
    public Jdbi toReplica(String name, DataSourceFactory pool, int maxWaiting) {
        return connect(() -> configuration.openShell(pool.getUrl()));
    }

    private Jdbi connect(ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        configure(jdbi); // as the service's
        return Connector.withoutArguments(jdbi);
    }
}
