package dev.roster.shell;

import dev.roster.host.Host;
import dev.roster.operator.Operators;
import dev.roster.shell.terminal.Terminal;
import io.dropwizard.core.Configuration;
import java.time.Clock;
import java.util.function.BiFunction;

/**
 * What commands at a shell need of the application.
 *
 * @param configuration the class of {@code config.yml}
 * @param rooms wires the service's rooms without starting them
 * @param terminal where commands read and print
 */
public record ShellSetup<T extends Configuration>(
        Class<T> configuration, BiFunction<T, Host, Operators> rooms, Terminal terminal, Clock clock) {}
