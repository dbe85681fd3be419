package dev.roster.database;

import dev.roster.database.primary.PrimaryWatch;
import dev.roster.settings.StartErrors;
import dev.roster.settings.StartRefusedException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.migrations.DbCommand;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.exception.LiquibaseException;
import liquibase.ui.ConsoleUIService;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * Dropwizard's command {@code db}. Waits for the database as {@code server} does, and explains a failure in one line.
 */
public final class MigrationCommand<T extends Configuration> extends DbCommand<T> {
    private static final String EXTENSION =
            "it needs the extension pg_trgm (contrib module) in a schema of the session's search_path,"
                    + " which POSTGRES_USER cannot create; run CREATE EXTENSION pg_trgm there as a privileged"
                    + " user, then migrate again";

    /**
     * SQLSTATEs: insufficient privilege; unsupported feature or missing file, if the extension is not on the server;
     * undefined object, if it is in another schema.
     */
    private static final Set<String> EXTENSION_REFUSED = Set.of("42501", "0A000", "58P01", "42704");

    private static final Pattern EXTENSION_NAMED = Pattern.compile("pg_trgm|gin_trgm_ops");

    /** How Liquibase names a change set in its messages. */
    private static final Pattern CHANGE_SET = Pattern.compile("migrations\\.xml::([a-z-]+)::");

    private final Function<T, DatabaseConfiguration> database;
    private final Completion<T> completion;
    private final Found primary;

    /** @param completion runs after each migration that brings the schema up to date */
    public MigrationCommand(
            Function<T, DatabaseConfiguration> database, Completion<T> completion, Class<T> configurationClass) {
        this(database, completion, configurationClass, new Found());
    }

    private MigrationCommand(
            Function<T, DatabaseConfiguration> database,
            Completion<T> completion,
            Class<T> configurationClass,
            Found primary) {
        super(
                "db",
                configuration -> database.apply(configuration).migrations(primary.address),
                configurationClass,
                "migrations.xml");
        this.database = database;
        this.completion = completion;
        this.primary = primary;
    }

    @Override
    public void configure(Subparser parser) {
        super.configure(parser);
        parser.help("Works on the schema of the database: \"db migrate config.yml\" brings it up to date");
        parser.addSubparsers().help("what to do; \"db migrate --help\" describes migrate");
        parser.epilog("\"db migrate config.yml\" creates the schema or brings it up to date."
                + " \"db status config.yml\" says what it lacks.");
    }

    @Override
    @SuppressWarnings("try") // the lock is held, not used
    protected void run(Bootstrap<T> bootstrap, Namespace namespace, T configuration) throws Exception {
        PrimaryWatch watch = database.apply(configuration).watch();
        database.apply(configuration).await(watch, connection -> {});
        primary.address = watch.address();
        if (!"migrate".equals(namespace.getString("subcommand"))) {
            super.run(bootstrap, namespace, configuration);
            return;
        }
        // Liquibase takes its own lock too late: it creates its tables before it locks.
        try (Connection lock = database.apply(configuration).lockMigrations(primary.address)) {
            super.run(bootstrap, namespace, configuration);
            if (!Boolean.TRUE.equals(namespace.getBoolean("dry-run")) && namespace.get("count") == null) {
                try (Connection connection = database.apply(configuration).openMigration(primary.address)) {
                    completion.run(configuration, connection);
                }
            }
        }
    }

    @Override
    public void run(Namespace namespace, Liquibase liquibase) throws Exception {
        liquibase.setShowSummary(UpdateSummaryEnum.OFF); // each change set is logged as it runs
        try {
            Scope.child(Scope.Attr.ui, new ProgressOnly(), () -> super.run(namespace, liquibase));
        } catch (LiquibaseException e) {
            throw isForExtension(e) ? new StartRefusedException("database", EXTENSION) : e;
        }
    }

    private static boolean isForExtension(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && EXTENSION_REFUSED.contains(String.valueOf(sql.getSQLState()))
                    && EXTENSION_NAMED.matcher(String.valueOf(sql.getMessage())).find()) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String reason(Throwable failure) {
        String reason = DatabaseFailures.refusal(failure);
        String state = DatabaseFailures.state(failure);
        if (reason == null && state != null) {
            reason = "database: it refuses a statement (SQLSTATE " + state + "); its log has more";
        }
        Matcher changeSet = CHANGE_SET.matcher(String.valueOf(failure.getMessage()));
        return reason != null && changeSet.find() ? reason + ", in the change set " + changeSet.group(1) : reason;
    }

    /** The address of the primary, for Dropwizard's part of the command; empty until it is found. */
    private static final class Found {
        private String address = "";
    }

    /** The part of the schema that the configuration adds. */
    @FunctionalInterface
    public interface Completion<T> {
        /** @param connection commits each statement by itself, and has no timeout */
        void run(T configuration, Connection connection) throws SQLException;
    }

    /** Liquibase prints a failure in four lines, which {@link #onError} tells in one. */
    private static final class ProgressOnly extends ConsoleUIService {
        @Override
        public void sendMessage(String message) {
            if (!message.startsWith("ERROR: Exception ")) {
                super.sendMessage(message);
            }
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable error) {
        StartErrors.print(cli.getStdErr(), error, MigrationCommand::reason);
    }
}
