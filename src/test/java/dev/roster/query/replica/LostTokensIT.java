package dev.roster.query.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.StatementProxy;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Consistency tokens after a standby took over that had not received the last writes. A second standby has them, and
 * knows nothing of the new primary.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LostTokensIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TOKEN = "Consistency-Token";
    private static final String LOST = "Consistency-Token-Lost";

    private final PrivatePostgres primary = new PrivatePostgres();
    private final TestDatabase before = TestDatabase.migrated(primary);
    private final PrivatePostgres successor = PrivatePostgres.standbyOf(primary);
    private final PrivatePostgres orphan = PrivatePostgres.standbyOf(primary);
    private final TestDatabase after = before.on(successor);
    private final StatementProxy proxy = StatementProxy.before(after);
    private final RosterExtension earlier = new RosterExtension().on(before);
    private final RosterExtension roster = new RosterExtension()
            .on(after)
            .with("DATABASE_URL", proxy.url())
            .with("FEED_DATABASE_URL", after.url())
            .with("READ_DATABASE_URL", before.url(orphan));

    private Api api;
    private AdminApi admin;
    private TestUser user;
    private TestUser lostUser;
    private String kept;
    private String lost;

    @BeforeAll
    void loseTheLastWrites() throws Exception {
        earlier.start();
        Api there = earlier.api();
        user = there.newUser();
        kept = rename(there, "Kept");
        successor.awaitReplayOf(primary);
        successor.stop();
        lostUser = there.newUser();
        lost = rename(there, "Lost");
        orphan.awaitReplayOf(primary);
        earlier.stop();
        primary.kill();

        successor.start();
        successor.promote();
        roster.start();
        api = roster.api();
        admin = new AdminApi(roster.admin(), TestKeys.makeForAll(roster.jdbi()));
    }

    @AfterAll
    void stop() {
        roster.stop();
        Stream.of(orphan, successor, primary).forEach(PrivatePostgres::close);
    }

    @Test
    void tokenOfALostWriteIsFlaggedOnEveryRead() {
        for (String path : List.of(user.path(), "/users/me", "/users", user.sessionsPath())) {
            Reply reply = get(path, lost).expect(200);
            assertThat(reply.header(LOST)).as(path).isEqualTo("true");
            assertThat(reply.text()).as(path).doesNotContain("Lost");
        }
        for (String path : List.of(
                "/users", "/users/count", "/audit", "/users/" + user.id(), "/users/" + user.id() + "/sessions")) {
            assertThat(admin.send(admin.request(path).header(TOKEN, lost).GET())
                            .expect(200)
                            .header(LOST))
                    .as(path)
                    .isEqualTo("true");
        }
    }

    @Test
    void answersWithoutAUserAreFlaggedToo() {
        get(lostUser.path(), lost).expectProblem(404, "not-found");
        assertThat(get(lostUser.path(), lost).header(LOST)).isEqualTo("true");
        assertThat(get(lostUser.sessionsPath(), lost)
                        .expectProblem(404, "not-found")
                        .header(LOST))
                .isEqualTo("true");
        assertThat(api.send(request("/users/me", lostUser.token(), lost))
                        .expectInvalidToken()
                        .header(LOST))
                .isEqualTo("true");
        assertThat(admin.send(admin.request("/users/" + lostUser.id())
                                .header(TOKEN, lost)
                                .GET())
                        .expect(404)
                        .header(LOST))
                .isEqualTo("true");
        assertThat(api.send(request(user.path(), user.token(), lost).header("If-None-Match", "*"))
                        .expect(304)
                        .header(LOST))
                .isEqualTo("true");
    }

    @Test
    void tokenOfAWriteThatTheNewPrimaryHasIsNotFlagged() {
        Reply reply = get(user.path(), kept).expect(200);

        assertThat(reply.header(LOST)).isNull();
        assertThat(reply.body().path("name").asText()).isEqualTo("Kept");
    }

    @Test
    void tokenWithoutAPositionIsFlagged() {
        assertThat(get(user.path(), "1.FFFFFFFF/FFFFFFFF").expect(200).header(LOST))
                .isEqualTo("true");
    }

    @Test
    void tokensOfThePresentTimelineAndOfNoneAreNotFlagged() {
        TestUser newcomer = api.newUser();
        String token = String.valueOf(api.put(newcomer.path(), newcomer.token(), Map.of("name", "New"))
                .header(TOKEN));

        assertThat(token).startsWith("2.");
        for (String sent : List.of(token, "2.FFFFFFFF/FFFFFFFF", "3.0/1", lost.substring(2))) {
            assertThat(get(user.path(), sent).expect(200).header(LOST)).as(sent).isNull();
        }
    }

    @Test
    void requestWithoutATokenOrWithoutAReadIsNotFlagged() {
        assertThat(api.send(request(user.path(), "x", lost))
                        .expectInvalidToken()
                        .header(LOST))
                .isNull();
        assertThat(api.get(user.path(), user.token()).expect(200).header(LOST)).isNull();
    }

    @Test
    void onlyTokensOfEarlierTimelinesTakeOneMoreStatement() {
        assertThat(statements(() -> get("/users/me", lost).expect(200))).isEqualTo(1);
        assertThat(statements(() -> get("/users/me", kept).expect(200))).isEqualTo(1);
        assertThat(statements(() -> get("/users/me", "2.0/1").expect(200))).isZero();
        assertThat(statements(() -> get("/users/me", "0/1").expect(200))).isZero();
        assertThat(statements(() -> api.get("/users/me", user.token()).expect(200)))
                .isZero();
    }

    @Test
    void replicaThatDoesNotFollowTheNewPrimaryIsNotUsed() {
        Poll.until("the health check reports it", PATIENCE, () -> new Api(roster.admin())
                .raw("GET", "/healthcheck")
                .body()
                .path("replica")
                .path("message")
                .asText()
                .equals("not in use: it does not follow the new primary yet"));

        Reply list = api.get("/users?q=" + user.email(), user.token()).expect(200);
        assertThat(list.header("Replica-Lag")).isNull();
        assertThat(list.text()).contains("Kept");
    }

    @Test
    void auditVerifyNamesTheFailover() {
        Outcome outcome = new Shell(after).run("audit-verify");

        assertThat(outcome.failed()).as(outcome.output() + outcome.errors()).isFalse();
        assertThat(outcome.output().lines().toList()).hasSize(2);
        assertThat(outcome.output())
                .containsPattern("(?m)^Failover: timeline 2 began at [0-9A-F]+/[0-9A-F]+, seen at \\S+Z:"
                        + " what was recorded shortly before may be lost$");
    }

    /** How many statements ask where timelines began. */
    private long statements(Runnable action) {
        return proxy.during(action).stream()
                .flatMap(List::stream)
                .filter(sql -> sql.contains("FROM epochs WHERE timeline >"))
                .count();
    }

    private String rename(Api there, String name) {
        return String.valueOf(there.put(user.path(), user.token(), Map.of("name", name))
                .expect(200)
                .header(TOKEN));
    }

    private Reply get(String path, String token) {
        return api.send(request(path, user.token(), token));
    }

    private HttpRequest.Builder request(String path, String accessToken, String token) {
        return api.request(path, accessToken).header(TOKEN, token).GET();
    }
}
