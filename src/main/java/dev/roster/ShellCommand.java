package dev.roster;

import dev.roster.database.Schema;
import dev.roster.refusal.RefusedException;
import dev.roster.settings.RequiredConfigurationFile;
import dev.roster.shell.Failures;
import dev.roster.shell.Operation;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.jdbi3.JdbiFactory;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import java.io.IOException;
import java.util.function.Consumer;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/** A command of an operator: it connects, does its {@link Operation}, and ends. Its stdout has the result and no more. */
final class ShellCommand extends Command {
    /** What Java puts in the place of bytes that it cannot decode. */
    private static final String UNREADABLE = "\ufffd";

    private static final String FILE = "file";

    private final Consumer<Subparser> arguments;
    private final Wiring wiring;

    ShellCommand(String name, String description, Consumer<Subparser> arguments, Wiring wiring) {
        super(name, description);
        this.arguments = arguments;
        this.wiring = wiring;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument(FILE).help("application configuration file");
        arguments.accept(parser);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        refuseUnreadable(namespace);
        RosterConfiguration configuration = read(bootstrap, namespace.getString(FILE));
        logToStderr(bootstrap, configuration);
        try {
            configuration.database().await();
            Jdbi jdbi = new UnpooledJdbi().over(configuration.database()::openShell);
            new Schema(jdbi).requireCurrent();
            wiring.make(configuration, jdbi).run(namespace);
        } finally {
            configuration.getLoggingFactory().stop();
        }
    }

    /** A name would silently be another. */
    private static void refuseUnreadable(Namespace namespace) {
        namespace.getAttrs().forEach((argument, value) -> {
            if (String.valueOf(value).contains(UNREADABLE)) {
                throw RefusedException.invalid(
                        argument, "has characters that this process's locale cannot read: set LC_ALL=C.UTF-8");
            }
        });
    }

    // Dropwizard's ConfiguredCommand would begin to log before anybody can say where to.
    private static RosterConfiguration read(Bootstrap<?> bootstrap, String file)
            throws IOException, ConfigurationException {
        ConfigurationFactory<RosterConfiguration> factory = new RequiredConfigurationFile<>(
                RosterConfiguration.class,
                bootstrap.getValidatorFactory().getValidator(),
                bootstrap.getObjectMapper(),
                "dw");
        return factory.build(bootstrap.getConfigurationSourceProvider(), file);
    }

    private static void logToStderr(Bootstrap<?> bootstrap, RosterConfiguration configuration) {
        if (configuration.getLoggingFactory() instanceof DefaultLoggingFactory logging) {
            logging.getAppenders().forEach(appender -> {
                if (appender instanceof ConsoleAppenderFactory<?> console) {
                    console.setTarget(ConsoleAppenderFactory.ConsoleStream.STDERR);
                }
            });
        }
        configuration
                .getLoggingFactory()
                .configure(
                        bootstrap.getMetricRegistry(),
                        bootstrap.getApplication().getName());
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable error) {
        Failures.print(cli.getStdErr(), getName(), error);
    }

    /** Makes an operation of what it needs. */
    interface Wiring {
        Operation make(RosterConfiguration configuration, Jdbi jdbi);
    }

    /** As the service's, but for its pool, metrics and health check. */
    private static final class UnpooledJdbi extends JdbiFactory {
        Jdbi over(ConnectionFactory connections) {
            Jdbi jdbi = Jdbi.create(connections);
            configure(jdbi);
            return RosterApplication.configured(jdbi);
        }
    }
}
