package dev.roster.support.process;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.shell.terminal.Terminal;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/** Runs the service's commands in this JVM, which is much faster than in a process. */
public final class CommandLine {
    private CommandLine() {}

    /** Runs a command with an empty stdin. */
    public static Outcome run(Map<String, String> environment, String... arguments) {
        return run(environment, new byte[0], arguments);
    }

    /** Runs a command with this stdin. */
    public static Outcome run(Map<String, String> environment, byte[] input, String... arguments) {
        return run(environment, input, Clock.systemUTC(), arguments);
    }

    /** Runs a command on a machine with this clock, with an empty stdin. */
    public static Outcome run(Map<String, String> environment, Clock clock, String... arguments) {
        return run(environment, new byte[0], clock, arguments);
    }

    private static Outcome run(Map<String, String> environment, byte[] input, Clock clock, String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(new ByteArrayInputStream(input), output, () -> null);
        Bootstrap<RosterConfiguration> bootstrap = new Commands(environment, clock, terminal).bootstrap();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        boolean failed = new Cli(new JarLocation(RosterApplication.class), bootstrap, output, errors)
                .run(arguments)
                .isPresent();
        return new Outcome(failed, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }

    /**
     * The result of a command.
     *
     * @param output what it wrote to stdout
     * @param errors what it wrote to stderr
     */
    public record Outcome(boolean failed, String output, String errors) {}

    private static final class Commands extends RosterApplication {
        Commands(Map<String, String> environment, Clock clock, Terminal terminal) {
            super(environment::get, clock, terminal);
        }

        Bootstrap<RosterConfiguration> bootstrap() {
            Bootstrap<RosterConfiguration> bootstrap = new Bootstrap<>(this);
            addDefaultCommands(bootstrap);
            initialize(bootstrap);
            return bootstrap;
        }
    }
}
