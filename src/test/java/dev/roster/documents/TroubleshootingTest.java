package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.roster.http.problem.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/troubleshooting.md} quotes messages that exist, and leaves out none that it promises. */
class TroubleshootingTest {
    private static final MarkdownFile PAGE = MarkdownFile.read(Path.of("docs/troubleshooting.md"));
    /** On the page, a part that differs. */
    private static final Splitter GAPS = Splitter.on('…');

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LOGGED =
            Pattern.compile("LOGGER\\s*\\.(?:warn|error)\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern CHECK = Pattern.compile("host\\s*\\.(?:health|job)\\(\\s*\"([a-z-]+)\"");

    private static final Splitter ROW = Splitter.on('|').trimResults();
    private static final int NONE = -1;

    /** Dropwizard's own. */
    private static final String DEADLOCKS = "deadlocks";

    @Test
    void everyQuotedMessageExists() {
        List<String> sources = sources();

        assertThat(cells("message")).hasSizeGreaterThan(60).allSatisfy(message -> {
            Pattern inSource =
                    Pattern.compile(fragments(message).map(Pattern::quote).collect(Collectors.joining("[^;]{0,200}?")));
            assertThat(sources).as(message).anyMatch(source -> inSource.matcher(source)
                    .find());
        });
    }

    @Test
    void everyWarningAndErrorOfTheLogIsExplained() {
        List<Pattern> explained = cells("message").stream()
                .map(message -> Pattern.compile(
                        GAPS.splitToStream(message).map(Pattern::quote).collect(Collectors.joining(".*"))))
                .toList();
        List<String> logged = sources().stream()
                .flatMap(source -> LOGGED.matcher(source).results())
                .map(call -> call.group(1))
                .toList();

        assertThat(logged).hasSizeGreaterThan(10).allSatisfy(template -> assertThat(explained)
                .as(template)
                .anyMatch(message -> message.matcher(template).matches()));
    }

    @Test
    void everyHealthCheckIsExplained() {
        List<String> checks = Stream.concat(
                        Stream.of(DEADLOCKS),
                        sources().stream()
                                .flatMap(source -> CHECK.matcher(source).results())
                                .map(call -> call.group(1)))
                .toList();

        assertThat(checks).contains("database", "audit-seal");
        assertThat(cells("check")).containsOnlyOnceElementsOf(List.of("clock")).hasSameElementsAs(checks);
    }

    @Test
    void everyProblemTypeIsExplained() {
        assertThat(cells("type"))
                .containsExactly(Arrays.stream(ProblemType.values())
                        .map(type -> type.urn().replaceFirst("urn:roster:problem:", ""))
                        .toArray(String[]::new));
    }

    /** The code in the columns of this name. */
    private static List<String> cells(String column) {
        List<String> cells = new ArrayList<>();
        int index = NONE;
        boolean isTable = false;
        for (String line : PAGE.lines()) {
            List<String> row = ROW.splitToList(line);
            if (!isTable) {
                index = row.indexOf(column);
            }
            isTable = line.startsWith("|");
            if (isTable && index != NONE) {
                CODE.matcher(row.get(index)).results().forEach(code -> cells.add(code.group(1)));
            }
        }
        return cells;
    }

    private static Stream<String> fragments(String message) {
        return GAPS.trimResults().omitEmptyStrings().splitToStream(message);
    }

    /** All sources, with the strings that are written in several parts as one. */
    private static List<String> sources() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(TroubleshootingTest::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
