package dev.roster.database;

import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import org.jdbi.v3.core.Jdbi;

/** Opens a connection for each use, with the patience of a command at a shell. */
public final class ShellConnector extends JdbiFactory implements Connector {
    private final DatabaseConfiguration configuration;

    public ShellConnector(DatabaseConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public Jdbi connect(String name, DataSourceFactory pool, int maxWaiting) {
        Jdbi jdbi = Jdbi.create(configuration::openShell);
        configure(jdbi); // as the service's
        return Connector.withoutArguments(jdbi);
    }
}
