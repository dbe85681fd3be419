package dev.roster.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.RosterApplication;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.RosterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** R2: the JVM options that the image, {@code mvn} and docs/deploy.md use. */
class HashPriorityIT {
    private static final List<String> OPTIONS = List.of("-XX:ThreadPriorityPolicy=1", "-XX:-PrintWarnings");

    /** The index of the nice value in stat, after the name of the thread. */
    private static final int NICE = 16;

    @Test
    void hashingThreadsGiveWayToOthersWithTheOptions() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/task")), "not Linux");
        List<String> program = Stream.concat(
                        OPTIONS.stream(),
                        Stream.of("-cp", System.getProperty("java.class.path"), RosterApplication.class.getName()))
                .toList();
        try (RosterProcess roster = RosterProcess.serve(TestDatabase.migrated().variables(Map.of()), program)) {
            roster.api().newUser();

            assertThat(niceValues(roster, "hashing"))
                    .hasSize(Runtime.getRuntime().availableProcessors())
                    .containsOnly(4);
            assertThat(niceValues(roster, "accounts")).isNotEmpty().containsOnly(0);
            assertThat(roster.errors()).isEmpty();
        }
    }

    @Test
    void imageAndLocalRunHaveTheOptions() throws IOException {
        String image = Files.readString(Path.of("ops/image/roster"));
        List<String> localRun = Files.readAllLines(Path.of(".mvn/jvm.config"));

        assertThat(OPTIONS).allMatch(option -> image.contains(" " + option));
        assertThat(localRun).containsAll(OPTIONS);
        assertThat(Files.readString(Path.of("docs/deploy.md"))).contains("java " + String.join(" ", OPTIONS) + " -jar");
    }

    private static List<Integer> niceValues(RosterProcess roster, String thread) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + roster.pid() + "/task"))) {
            return threads.map(HashPriorityIT::stat)
                    .filter(stat -> stat.contains("(" + thread + ")"))
                    .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE])
                    .map(Integer::valueOf)
                    .toList();
        }
    }

    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
