package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.process.ConsoleLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The line of the log that says that a node has started. */
class AnnouncementIT {
    private final RosterExtension roster =
            new RosterExtension().with("LOG_LEVEL", "INFO").with("API_HOST", "127.0.0.1");

    @AfterEach
    void stop() {
        roster.stop();
    }

    @Test
    void readyNodeNamesItsVersionAndAddresses() throws Exception {
        assertThat(announcement())
                .isEqualTo("Roster " + version() + " is ready: API "
                        + roster.api().base() + ", admin port " + roster.admin());
    }

    @Test
    void nodeThatIsNotReadySaysWhy() throws Exception {
        roster.clock().advance(Duration.ofMinutes(30));

        assertThat(announcement())
                .startsWith("Roster " + version() + " has started, but is not ready (clock: this node's clock is ")
                .endsWith("): API " + roster.api().base() + ", admin port " + roster.admin());
    }

    /** Starts the service and returns the message. */
    private String announcement() throws Exception {
        try (ConsoleLog log = new ConsoleLog()) {
            roster.start();
            List<String> lines = log.linesUntil(1, line -> line.contains("] Roster "));
            return lines.stream()
                    .filter(line -> line.contains("] Roster "))
                    .map(line -> line.replaceFirst("\\S+ INFO  d\\.r\\.h\\.Announcement \\[- -] ", ""))
                    .findAny()
                    .orElseThrow();
        }
    }

    /** The project's, in {@code pom.xml}. */
    private static String version() throws IOException {
        return Files.readString(Path.of("pom.xml")).split("</?version>", 3)[1];
    }
}
