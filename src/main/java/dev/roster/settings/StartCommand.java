package dev.roster.settings;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/** Dropwizard's command {@code server}. Explains in one line why the service does not start. */
public final class StartCommand<T extends Configuration> extends ServerCommand<T> {
    private final Function<Throwable, @Nullable String> reasons;

    /** @param reasons explains errors of other rooms in one line; null for those that it does not know */
    public StartCommand(Application<T> application, Function<Throwable, @Nullable String> reasons) {
        super(application);
        this.reasons = reasons;
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable error) {
        StartErrors.print(cli.getStdErr(), error, reasons);
    }
}
