package dev.roster;

import dev.roster.ops.Schema;
import dev.roster.ops.StartRefusedException;
import dev.roster.shell.Failures;
import dev.roster.shell.Operation;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.jdbi3.JdbiFactory;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import java.util.Map;
import java.util.function.Consumer;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;

/** A command of an operator: it connects, does its {@link Operation}, and ends. Its stdout has the result and no more. */
final class ShellCommand extends ConfiguredCommand<RosterConfiguration> {
    /** What Java puts in the place of bytes that it cannot decode. */
    private static final String UNREADABLE = "\ufffd";

    private final Consumer<Subparser> arguments;
    private final Wiring wiring;

    ShellCommand(String name, String description, Consumer<Subparser> arguments, Wiring wiring) {
        super(name, description);
        this.arguments = arguments;
        this.wiring = wiring;
    }

    @Override
    public void configure(Subparser parser) {
        super.configure(parser);
        arguments.accept(parser);
    }

    @Override
    protected void run(Bootstrap<RosterConfiguration> bootstrap, Namespace namespace, RosterConfiguration configuration)
            throws Exception {
        logToStderr(bootstrap, configuration);
        refuseUnreadable(namespace);
        configuration.database().await();
        Jdbi jdbi = new UnpooledJdbi().over(configuration.database()::openShell);
        new Schema(jdbi).requireCurrent();
        wiring.make(configuration, jdbi).run(namespace);
    }

    private static void logToStderr(Bootstrap<?> bootstrap, RosterConfiguration configuration) {
        if (configuration.getLoggingFactory() instanceof DefaultLoggingFactory logging) {
            logging.getAppenders().forEach(appender -> {
                if (appender instanceof ConsoleAppenderFactory<?> console) {
                    console.setTarget(ConsoleAppenderFactory.ConsoleStream.STDERR);
                }
            });
            logging.configure(
                    bootstrap.getMetricRegistry(), bootstrap.getApplication().getName());
        }
    }

    /** A name would silently be another. */
    private static void refuseUnreadable(Namespace namespace) {
        for (Map.Entry<String, Object> argument : namespace.getAttrs().entrySet()) {
            if (String.valueOf(argument.getValue()).contains(UNREADABLE)) {
                throw new StartRefusedException(
                        argument.getKey(), "has characters that this process's locale cannot read: set LC_ALL=C.UTF-8");
            }
        }
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
