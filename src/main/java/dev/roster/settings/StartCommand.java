package dev.roster.settings;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import net.sourceforge.argparse4j.inf.Namespace;

/** Dropwizard's command {@code server}. Explains in one line why the service does not start. */
public final class StartCommand<T extends Configuration> extends ServerCommand<T> {
    public StartCommand(Application<T> application) {
        super(application);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable error) {
        StartErrors.print(cli.getStdErr(), error);
    }
}
