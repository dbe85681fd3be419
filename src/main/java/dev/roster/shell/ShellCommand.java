package dev.roster.shell;

import com.codahale.metrics.MetricRegistry;
import dev.roster.host.Host;
import dev.roster.operator.Operators;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.settings.RequiredConfigurationFile;
import dev.roster.shell.operation.Operation;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.function.Consumer;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * A command of operators: it connects, runs its {@link Operation}, and ends. Its stdout has the result and nothing
 * else.
 */
public final class ShellCommand<T extends Configuration> extends Command {
    /** Java's replacement for bytes that it cannot decode. */
    private static final String UNREADABLE = "\ufffd";

    private static final String FILE = "file";

    private final Consumer<Subparser> arguments;
    private final Operation operation;
    private final ShellSetup<T> setup;

    ShellCommand(
            String name, String description, Consumer<Subparser> arguments, Operation operation, ShellSetup<T> setup) {
        super(name, description);
        this.arguments = arguments;
        this.operation = operation;
        this.setup = setup;
    }

    @Override
    public void configure(Subparser parser) {
        parser.help(getDescription()); // in the list of all commands
        parser.addArgument(FILE).help("the configuration: config.yml");
        arguments.accept(parser);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        refuseUnreadable(namespace);
        T configuration = read(bootstrap, namespace.getString(FILE));
        logToStderr(bootstrap, configuration);
        try {
            Host host = new Host(environment(bootstrap, configuration), setup.clock(), new SecureRandom());
            Operators operators = setup.rooms().apply(configuration, host);
            operators.awaitDatabase();
            operation.run(operators, namespace);
        } finally {
            configuration.getLoggingFactory().stop();
        }
    }

    /** Otherwise a name would silently become another. */
    private static void refuseUnreadable(Namespace namespace) {
        namespace.getAttrs().forEach((argument, value) -> {
            if (String.valueOf(value).contains(UNREADABLE)) {
                throw new RefusedException(
                        Refusal.INVALID,
                        argument + " has characters that this process's locale cannot read: set LC_ALL=C.UTF-8");
            }
        });
    }

    // Dropwizard's ConfiguredCommand would start logging, to stdout, before this command can redirect it.
    private T read(Bootstrap<?> bootstrap, String file) throws IOException, ConfigurationException {
        return new RequiredConfigurationFile<>(
                        setup.configuration(),
                        bootstrap.getValidatorFactory().getValidator(),
                        bootstrap.getObjectMapper(),
                        "dw")
                .build(bootstrap.getConfigurationSourceProvider(), file);
    }

    private void logToStderr(Bootstrap<?> bootstrap, T configuration) {
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

    /** Never started: rooms plug in here, and nothing runs. */
    private Environment environment(Bootstrap<?> bootstrap, T configuration) {
        return new Environment(
                bootstrap.getApplication().getName(),
                bootstrap.getObjectMapper(),
                bootstrap.getValidatorFactory(),
                new MetricRegistry(),
                bootstrap.getClassLoader(),
                bootstrap.getHealthCheckRegistry(),
                configuration);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable error) {
        Failures.print(cli.getStdErr(), getName(), error);
    }
}
