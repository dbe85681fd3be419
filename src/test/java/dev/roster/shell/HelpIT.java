package dev.roster.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code --help}. */
class HelpIT {
    private static final Pattern COMMANDS = Pattern.compile("\\{([a-z,-]+)}");

    /** A command or argument, which begins its line. */
    private static final String NAME = "(?m)^ {2,4}(-\\S.*?|\\S+)";

    private static final Pattern NAMED = Pattern.compile(NAME + "(?: {2,}|$)");

    /** The description is beside the name or below. */
    private static final Pattern DESCRIBED = Pattern.compile(NAME + "(?: {2,}|\\R {20,})\\S.*$");

    static Stream<String> commands() {
        String list = COMMANDS.matcher(help("--help"))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        return Stream.of(list.split(","));
    }

    @Test
    void everyCommandIsDescribed() {
        assertThat(DESCRIBED.matcher(help("--help")).results().map(entry -> entry.group(1)))
                .containsAll(commands().toList());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyArgumentIsDescribed(String command) {
        String arguments = help(command, "--help").split("arguments:", 2)[1];

        assertThat(DESCRIBED.matcher(arguments).results().map(entry -> entry.group(1)))
                .contains("-h, --help")
                .containsExactlyElementsOf(NAMED.matcher(arguments)
                        .results()
                        .map(entry -> entry.group(1))
                        .toList());
    }

    private static String help(String... arguments) {
        Outcome outcome = CommandLine.run(Map.of(), arguments);
        assertThat(outcome.failed()).isFalse();
        assertThat(outcome.errors()).isEmpty();
        return outcome.output();
    }
}
