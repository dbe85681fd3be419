package dev.roster.settings;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** Dropwizard's command {@code server}. Explains in one line why the service does not start. */
public final class StartCommand<T extends Configuration> extends ServerCommand<T> {
    private final Function<Throwable, @Nullable String> reasons;

    /** @param reasons explains errors of other rooms in one line; null for those that it does not know */
    public StartCommand(Application<T> application, Function<Throwable, @Nullable String> reasons) {
        super(application, "server", "Runs the service until it is stopped");
        this.reasons = reasons;
    }

    @Override
    public void configure(Subparser parser) {
        super.configure(parser);
        parser.help(getDescription()); // in the list of all commands
    }

    @Override
    protected Argument addFileArgument(Subparser parser) {
        return super.addFileArgument(parser).help("the configuration: config.yml");
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable error) {
        StartErrors.print(cli.getStdErr(), error, reasons);
    }
}
