package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.support.Poll;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Exposition;
import dev.roster.support.http.Reply;
import dev.roster.support.process.RosterProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** Exit codes, streams and signals of the jar as a process. */
class ProcessIT {
    private static final String UNICODE = "ключ-\u20ac-\ud83d\udd11-kX2vN8qLr5TzW1yB7mHcJ4sD9fGpA3eU-\"'\\${x}\n#";

    private final TestDatabase database = TestDatabase.migrated();

    /** C1, C2 */
    @Test
    void refusesToStartWithAnEmptyEnvironment() {
        try (RosterProcess roster = RosterProcess.start(Map.of(), "server", "config.yml")) {
            expectRefusal(roster, " is not set");
        }
    }

    /** C1 */
    @Test
    void refusesToStartWithAWeakSecret() {
        Map<String, String> environment = database.variables(Map.of("JWT_SECRET_KEY", "too-short-a-secret"));
        try (RosterProcess roster = RosterProcess.start(environment, "server", "config.yml")) {
            expectRefusal(roster, "JWT_SECRET_KEY");
            assertThat(roster.errors()).doesNotContain("too-short-a-secret");
        }
    }

    @Test
    void refusesToStartOnAPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            String port = Integer.toString(taken.getLocalPort());
            try (RosterProcess roster = RosterProcess.start(
                    database.variables(Map.of("API_PORT", port, "SHUTDOWN_DELAY", "5m")), "server", "config.yml")) {
                expectRefusal(roster, "Address already in use; set a free port, such as 8090, and an address of");
                assertThat(roster.errors()).contains("API_PORT or ADMIN_PORT, API_HOST or ADMIN_HOST: ", port);
            }
        }
    }

    /** The locale would change the key, and other nodes would refuse the tokens signed with it. */
    @Test
    void refusesToStartWithASecretThatTheLocaleCannotDecode() {
        Map<String, String> environment = new HashMap<>(database.variables(Map.of("JWT_SECRET_KEY", UNICODE)));
        environment.put("LC_ALL", "C");
        try (RosterProcess roster = RosterProcess.start(environment, "server", "config.yml")) {
            expectRefusal(roster, "JWT_SECRET_KEY");
        }
    }

    @Test
    void printsUsageWithoutACommand() {
        try (RosterProcess roster = RosterProcess.start(Map.of())) {
            assertThat(roster.exitCode()).isZero();
            assertThat(roster.output())
                    .contains(
                            "usage: java -jar roster.jar",
                            "{server,db,audit-verify,create-key,list-keys,revoke-key,rotate-key,create-user,"
                                    + "disable-user,enable-user,set-role,set-password,end-sessions,end-all-sessions,"
                                    + "delete-user,export-user,list-blocklist,purge-blocklist}");
            assertThat(roster.errors()).isEmpty();
        }
    }

    @Test
    void signsWithASecretOfAnyCharacters() {
        try (RosterProcess roster = RosterProcess.serve(database.variables(Map.of("JWT_SECRET_KEY", UNICODE)))) {
            Api.TestUser user = roster.api().newUser();
            String forged = TestTokens.sign(
                    TestTokens.json(TestTokens.header()),
                    TestTokens.json(TestTokens.claims(user.id())),
                    UNICODE,
                    "HmacSHA256");

            roster.api().get(user.path(), forged).expect(200);
        }
    }

    /** N5 */
    @Test
    void opensNoPortBeforeItHasLoadedTheRevocations() {
        UUID userId = UUID.randomUUID();
        Map<String, Object> claims = TestTokens.claims(userId);
        try (Handle handle = database.jdbi().open()) {
            handle.execute(
                    "INSERT INTO token_blocklist (id, kind, expires_at)"
                            + " VALUES (?::uuid, 'token', now() + interval '1 hour')",
                    claims.get("jti"));
            handle.begin();
            handle.execute("LOCK TABLE token_blocklist");
            try (RosterProcess roster = RosterProcess.start(database.variables(Map.of()), "server", "config.yml")) {
                Poll.until("it waits for the list", Duration.ofSeconds(30), this::isLoading);

                assertThatThrownBy(() -> roster.admin().raw("GET", "/healthcheck"))
                        .hasMessage("No answer");
                assertThatThrownBy(() -> roster.api().raw("GET", "/")).hasMessage("No answer");
                handle.rollback();

                roster.awaitReady();
                roster.api()
                        .get("/users/" + userId, TestTokens.sign(TestTokens.header(), claims))
                        .expectProblem(401, "invalid-token");
            }
        }
    }

    /** N1 */
    @Test
    void finishesRequestsInFlightAfterSigterm() throws Exception {
        try (RosterProcess roster = RosterProcess.serve(database.variables(Map.of("BCRYPT_COST", "12")))) {
            Api api = roster.api();
            int logins = Runtime.getRuntime().availableProcessors() + 1; // more than are hashed at once
            List<Api.TestUser> users =
                    Stream.generate(api::newUser).limit(logins).toList();
            ExecutorService clients = Executors.newFixedThreadPool(logins);
            List<Future<Reply>> replies = users.stream()
                    .map(user -> clients.submit(() -> api.login(user.email(), Api.PASSWORD)))
                    .toList();
            Poll.until("all are under way", Duration.ofSeconds(30), () -> waiting(roster) > 0);

            roster.signal("TERM");

            for (Future<Reply> reply : replies) {
                reply.get(30, TimeUnit.SECONDS).expect(200);
            }
            clients.shutdown();
            assertThat(roster.exitCode()).isEqualTo(143);
            assertThat(roster.errors()).isEmpty();
            assertThat(roster.output()).doesNotContain("Exception", "ERROR");
        }
    }

    /** N1 */
    @Test
    void servesRequestsDuringTheShutdownDelay() {
        try (RosterProcess roster = RosterProcess.serve(database.variables(Map.of("SHUTDOWN_DELAY", "5s")))) {
            Api.TestUser user = roster.api().newUser();
            assertThat(roster.api().get(user.path(), user.token()).expect(200).header("Connection"))
                    .isNull();

            roster.signal("TERM");
            Poll.until(
                    "it says so",
                    Duration.ofSeconds(4),
                    () -> roster.admin().raw("GET", "/healthcheck").status() == 503);

            Reply reply = roster.api().get(user.path(), user.token()).expect(200);
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(roster.admin()
                            .raw("GET", "/healthcheck")
                            .body()
                            .path("shutdown")
                            .path("message")
                            .asText())
                    .isEqualTo("shutting down");
            assertThat(roster.admin().raw("GET", "/ping").status()).isEqualTo(200);
            assertThat(roster.exitCode()).isEqualTo(143);
            assertThat(roster.errors()).isEmpty();
        }
    }

    private boolean isLoading() {
        return database.jdbi().withHandle(handle -> handle.createQuery("SELECT EXISTS (SELECT FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock')")
                .mapTo(Boolean.class)
                .one());
    }

    private static int waiting(RosterProcess roster) {
        return (int) Exposition.of(roster.admin()).value("roster_hash_waiting");
    }

    private static void expectRefusal(RosterProcess roster, String named) {
        assertThat(roster.exitCode()).isEqualTo(1);
        assertThat(roster.errors())
                .startsWith("Roster does not start: ")
                .contains(named)
                .hasLineCount(1);
        assertThat(roster.output()).isEmpty();
    }
}
