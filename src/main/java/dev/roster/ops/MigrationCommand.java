package dev.roster.ops;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.migrations.DbCommand;
import java.sql.Connection;
import java.util.function.Function;
import liquibase.Liquibase;
import liquibase.UpdateSummaryEnum;
import net.sourceforge.argparse4j.inf.Namespace;

/**
 * The command {@code db}: Dropwizard's, which waits for the database as {@code server} does, and says as briefly why it
 * cannot do its work.
 */
public final class MigrationCommand<T extends Configuration> extends DbCommand<T> {
    private final Function<T, DatabaseConfiguration> database;

    public MigrationCommand(Function<T, DatabaseConfiguration> database, Class<T> configurationClass) {
        super("db", configuration -> database.apply(configuration).migrations(), configurationClass, "migrations.xml");
        this.database = database;
    }

    @Override
    @SuppressWarnings("try") // it is held, not used
    protected void run(Bootstrap<T> bootstrap, Namespace namespace, T configuration) throws Exception {
        database.apply(configuration).await();
        // Liquibase has a lock too, but makes its own tables before it takes it.
        try (Connection lock = database.apply(configuration).lockMigrations()) {
            super.run(bootstrap, namespace, configuration);
        }
    }

    @Override
    public void run(Namespace namespace, Liquibase liquibase) throws Exception {
        liquibase.setShowSummary(UpdateSummaryEnum.OFF); // each change set is named as it runs
        super.run(namespace, liquibase);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable error) {
        StartErrors.print(cli.getStdErr(), error);
    }
}
