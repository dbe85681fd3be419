package dev.roster;

import dev.roster.database.ShellConnector;
import dev.roster.host.Host;
import dev.roster.operator.Operators;
import dev.roster.support.RosterExtension;
import io.dropwizard.core.setup.Environment;
import java.security.SecureRandom;
import java.time.Clock;

/** Operations in this JVM, wired as for a command at a shell. */
public final class TestOperators {
    private TestOperators() {}

    /** Operations on the database of a service, with its configuration. */
    public static Operators beside(RosterExtension service) {
        RosterConfiguration configuration = service.support().getConfiguration();
        Host host = new Host(new Environment("operators"), Clock.systemUTC(), new SecureRandom());
        Operators operators = RosterApplication.wire(configuration, host, new ShellConnector(configuration.database()));
        try {
            operators.awaitDatabase();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return operators;
    }
}
