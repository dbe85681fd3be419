package dev.roster.query.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads with a replica that is up to date, lagging, silent or gone. */
class ReplicaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TOKEN = "Consistency-Token";
    private static final String LAG = "Replica-Lag";

    private static final PrivatePostgres PRIMARY = new PrivatePostgres();
    private static final TestDatabase DATABASE = TestDatabase.migrated(PRIMARY);
    private static final PrivatePostgres STANDBY = PrivatePostgres.standbyOf(PRIMARY);
    private static final Link REPLICA = Link.to(DATABASE.url(STANDBY));
    private static final Link FEED = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .on(DATABASE)
            .with("READ_DATABASE_URL", REPLICA.url())
            .with("FEED_DATABASE_URL", FEED.url())
            .with("USER_CACHE", "0") // the cache reads users from the primary
            .with("DATABASE_SOCKET_TIMEOUT", "1s");

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();
    private final AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.makeForAll(ROSTER.jdbi()));

    @BeforeEach
    void awaitReplica() {
        STANDBY.awaitReplayOf(PRIMARY);
        awaitLag("0");
        Poll.until("ready", PATIENCE, () -> health().status() == 200);
    }

    @AfterEach
    void restore() {
        STANDBY.resumeReplay();
        REPLICA.restore();
        FEED.restore();
    }

    @AfterAll
    static void stop() {
        STANDBY.close();
        PRIMARY.close();
    }

    @Test
    void readsComeFromTheReplica() {
        long before = ROSTER.count("roster_reads_total", "source", "replica");

        for (String path : readPaths()) {
            assertThat(getFromReplica(path).header(LAG)).as(path).isEqualTo("0");
        }

        assertThat(ROSTER.count("roster_reads_total", "source", "replica") - before)
                .isGreaterThanOrEqualTo(readPaths().size());
    }

    @Test
    void writerSeesItsWriteAndOthersSeeTheLag() {
        STANDBY.pauseReplay();
        String token = rename("Changed");

        for (String path : List.of(user.path(), "/users/me", "/users?q=" + user.email())) {
            Reply own = get(path, token).expect(200);
            assertThat(own.text()).as(path).contains("Changed");
            assertThat(own.header(LAG)).as(path).isNull();
            assertThat(getFromReplica(path).text()).as(path).doesNotContain("Changed");
        }
        Poll.until("the lag is reported", PATIENCE, () -> lag() >= 2);

        STANDBY.resumeReplay();
        Poll.until("caught up", PATIENCE, () -> api.get(user.path(), user.token())
                .text()
                .contains("Changed"));
        awaitLag("0");
    }

    @Test
    void writerSeesThatItsSessionHasEnded() {
        UUID ended = api.newSession(user).id();
        STANDBY.awaitReplayOf(PRIMARY);
        STANDBY.pauseReplay();

        String token = String.valueOf(api.delete(user.sessionsPath() + "/" + ended, user.token())
                .expect(204)
                .header(TOKEN));

        assertThat(get(user.sessionsPath(), token).text()).doesNotContain(ended.toString());
        assertThat(getFromReplica(user.sessionsPath()).text()).contains(ended.toString());
    }

    @Test
    void listsOfOperatorsComeFromTheReplica() {
        long before = ROSTER.count("roster_reads_total", "source", "replica");

        for (String path : operatorLists()) {
            assertThat(fromReplica(() -> admin.get(path)).header(LAG)).as(path).isEqualTo("0");
        }

        assertThat(ROSTER.count("roster_reads_total", "source", "replica") - before)
                .isGreaterThanOrEqualTo(operatorLists().size());
    }

    @Test
    void operatorSeesItsWriteInListsAndOthersSeeTheLag() {
        STANDBY.pauseReplay();
        Reply created = admin.post("/users", Map.of("name", "Late", "email", Api.newEmail()))
                .expect(201);
        String token = String.valueOf(created.header(TOKEN));
        String id = created.body().path("id").asText();
        String email = created.body().path("email").asText();

        Map<String, String> found = Map.of(
                "/users?email=" + email, id, "/users/count?email=" + email, "{\"count\":1,", "/audit?target=" + id, id);
        found.forEach((path, text) -> {
            Reply own = getAsOperator(path, token).expect(200);
            assertThat(own.text()).as(path).contains(text);
            assertThat(own.header(LAG)).as(path).isNull();
            assertThat(fromReplica(() -> admin.get(path)).text()).as(path).doesNotContain(text);
        });

        STANDBY.resumeReplay();
        STANDBY.awaitReplayOf(PRIMARY);
        found.forEach((path, text) -> assertThat(
                        fromReplica(() -> getAsOperator(path, token)).text())
                .as(path)
                .contains(text));
    }

    @Test
    void operatorReadsOnePersonFromThePrimary() {
        STANDBY.pauseReplay();
        String path = "/users/"
                + admin.post("/users", Map.of("name", "Late", "email", Api.newEmail()))
                        .expect(201)
                        .body()
                        .path("id")
                        .asText();

        for (String one : List.of(path, path + "/sessions", path + "/export")) {
            assertThat(admin.get(one).expect(200).header(LAG)).as(one).isNull();
        }
    }

    @Test
    void positionThatNoReplicaHasIsReadFromThePrimary() {
        for (String path : readPaths()) {
            for (String token : tokensThatNoReplicaHas()) {
                assertThat(get(path, token).expect(200).header(LAG)).as(token).isNull();
            }
        }
        for (String path : operatorLists()) {
            for (String token : tokensThatNoReplicaHas()) {
                assertThat(getAsOperator(path, token).expect(200).header(LAG))
                        .as(token)
                        .isNull();
            }
        }
    }

    /** Of positions after the log, of another timeline, and of no timeline. */
    private static List<String> tokensThatNoReplicaHas() {
        return List.of("1.FFFFFFFF/FFFFFFFF", "1.FFFFFFFF/FFFFFFFE", "2.0/1", "0/1");
    }

    @Test
    void writerNeverSeesAnEarlierVersion() {
        for (int i = 0; i < 100; i++) {
            String token = rename("Name " + i);

            assertThat(get(user.path(), token).body().path("name").asText()).isEqualTo("Name " + i);
        }
    }

    @Test
    void userIsReportedMissingOnlyAfterAskingThePrimary() {
        STANDBY.pauseReplay();
        TestUser newcomer = api.newUser();

        api.get("/users/me", newcomer.token()).expect(200);
        Reply reply = api.get(newcomer.path(), user.token()).expect(200);
        assertThat(reply.header(LAG)).isNull();
        api.get(newcomer.sessionsPath(), user.token()).expectProblem(403, "forbidden");
        api.get("/users/" + UUID.randomUUID(), user.token()).expectProblem(404, "not-found");
    }

    @Test
    void readsComeFromThePrimaryWhileTheReplicaIsCutOff() {
        REPLICA.cut();

        expectThatNothingFails();
    }

    @Test
    void readsComeFromThePrimaryWhileTheReplicaHangs() {
        REPLICA.halfOpen();

        expectThatNothingFails();
    }

    /** D4 */
    @Test
    void revocationsAreNeverReadFromTheReplica() {
        STANDBY.pauseReplay();
        FEED.cut();
        Poll.until(
                "stale",
                PATIENCE,
                () -> !health().body().path("revocation-feed").path("healthy").asBoolean());
        DATABASE.jdbi()
                .useHandle(handle -> handle.execute(
                        """
                        INSERT INTO token_blocklist (id, kind, expires_at)
                        VALUES (?, 'token', now() + interval '1 hour')
                        """,
                        UUID.fromString(
                                TestTokens.read(user.token()).path("jti").asText())));

        api.get(user.path(), user.token()).expectInvalidToken();
    }

    @Test
    void nodeStartsAndServesWithoutItsReplica() throws Exception {
        try (Link nowhere = Link.to(DATABASE.url(STANDBY))) {
            nowhere.cut();
            expectThatItServes(nowhere.url(), "not in use: it does not answer");
        }
    }

    @Test
    void primaryConfiguredAsReplicaIsNotUsedAsOne() throws Exception {
        expectThatItServes(DATABASE.url(), "not in use: it is not a replica");
    }

    private static void expectThatItServes(String replicaUrl, String message) throws Exception {
        RosterExtension node = new RosterExtension().on(DATABASE).with("READ_DATABASE_URL", replicaUrl);
        node.start();
        try {
            TestUser user = node.api().newUser();
            assertThat(node.api().get(user.path(), user.token()).expect(200).header(LAG))
                    .isNull();
            Poll.until("the health check reports it", PATIENCE, () -> new Api(node.admin())
                    .raw("GET", "/healthcheck")
                    .expect(200)
                    .body()
                    .path("replica")
                    .path("message")
                    .asText()
                    .equals(message));
        } finally {
            node.stop();
        }
    }

    private void expectThatNothingFails() {
        for (String path : readPaths()) {
            assertThat(api.get(path, user.token()).expect(200).header(LAG)).isNull();
        }
        for (String path : operatorLists()) {
            assertThat(admin.get(path).expect(200).header(LAG)).isNull();
        }
        assertThat(health().expect(200).body().path("replica").path("message").asText())
                .startsWith("not in use: ");

        REPLICA.restore();
        awaitLag("0");
    }

    private List<String> readPaths() {
        return List.of(user.path(), "/users/me", "/users?limit=3", user.sessionsPath());
    }

    private static List<String> operatorLists() {
        return List.of("/users?limit=3", "/users/count", "/audit?limit=3");
    }

    private String rename(String name) {
        return String.valueOf(api.put(user.path(), user.token(), Map.of("name", name))
                .expect(200)
                .header(TOKEN));
    }

    private Reply get(String path, String token) {
        return api.send(api.request(path, user.token()).header(TOKEN, token).GET());
    }

    private Reply getAsOperator(String path, String token) {
        return admin.send(admin.request(path).header(TOKEN, token).GET());
    }

    private Reply getFromReplica(String path) {
        return fromReplica(() -> api.get(path, user.token()));
    }

    /** Retries, because after a pause of the machine the replica looks dead for a moment. */
    private static Reply fromReplica(Supplier<Reply> request) {
        Reply[] reply = new Reply[1];
        Poll.until("the replica answers", PATIENCE, () -> {
            reply[0] = request.get().expect(200);
            return reply[0].header(LAG) != null;
        });
        return reply[0];
    }

    private int lag() {
        return Integer.parseInt(String.valueOf(getFromReplica(user.path()).header(LAG)));
    }

    private void awaitLag(String seconds) {
        Poll.until(
                "a lag of " + seconds,
                PATIENCE,
                () -> seconds.equals(
                        api.get(user.path(), user.token()).expect(200).header(LAG)));
    }

    private static Reply health() {
        return new Api(ROSTER.admin()).raw("GET", "/healthcheck");
    }
}
