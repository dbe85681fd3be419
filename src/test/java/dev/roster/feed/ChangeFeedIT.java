package dev.roster.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes on one database: what one revokes the other refuses, whatever becomes of the way on which it hears of it. */
class ChangeFeedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link FEED = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension NODE = new RosterExtension().on(DATABASE);

    @RegisterExtension
    static final RosterExtension OTHER = new RosterExtension()
            .on(DATABASE)
            .with("FEED_DATABASE_URL", FEED.url())
            .set("tokens.revocationFreshness", "3s");

    private final Api node = NODE.api();
    private final Api other = OTHER.api();
    private final TestUser user = node.newUser();
    private final TestUser bystander = node.newUser();

    @AfterEach
    void restore() {
        FEED.restore();
        awaitFresh();
    }

    @Test
    void refusesWhatWasLoggedOutOnAnotherNode() {
        other.get(user.path(), user.token()).expect(200);

        node.logout(user.token()).expect(204);

        awaitRefused(user.token());
        other.get(user.path(), bystander.token()).expect(200);
    }

    /** T11 */
    @Test
    void refusesWhoWasDeletedOnAnotherNode() {
        String second = other.newToken(user.email());

        node.delete(user.path(), user.token()).expect(204);

        awaitRefused(user.token());
        awaitRefused(second);
    }

    /** A9 */
    @Test
    void refusesTheSessionsThatANewPasswordEndsOnAnotherNode() {
        TestSession ended = other.newSession(user);

        node.put(user.path(), user.token(), Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expect(200);

        awaitRefused(ended.accessToken());
        other.get("/users/me", user.token()).expect(200);
    }

    @Test
    void refusesWhatWasRevokedByHand() {
        revokeByHand(user);

        awaitRefused(user.token());
        Poll.until(
                "refused", PATIENCE, () -> node.get("/users/me", user.token()).status() == 401);
    }

    @Test
    void hearsEachOfTenThousandAtOnceWhileOthersLogOut() throws Exception {
        long before = OTHER.count("roster.revocations.received");
        List<TestUser> leaving = List.of(node.newUser(), other.newUser(), node.newUser(), other.newUser());

        List<Integer> statuses = Concurrently.run(leaving.size() + 1, i -> {
            if (i < leaving.size()) {
                return (i % 2 == 0 ? node : other)
                        .logout(leaving.get(i).token())
                        .status();
            }
            DATABASE.jdbi().useHandle(handle -> handle.execute("""
                    INSERT INTO token_blocklist (id, kind, expires_at)
                    SELECT gen_random_uuid(), 'token', now() + interval '1 hour' FROM generate_series(1, 10000)
                    """));
            return 204;
        });

        assertThat(statuses).containsOnly(204);
        Poll.until("all are heard", PATIENCE, () -> OTHER.count("roster.revocations.received") - before >= 10_008);
        assertThat(OTHER.gauge("roster.revoked-tokens"))
                .isEqualTo(
                        DATABASE.jdbi().withHandle(handle -> handle.createQuery("SELECT count(*) FROM token_blocklist")
                                .mapTo(Long.class)
                                .one()));
    }

    /** F5, S4 */
    @Test
    void asksTheDatabaseWhileItsFeedIsCut() {
        FEED.cut();
        awaitStale();

        expectTheTruthFromTheDatabase();
    }

    /** F5, S4: nothing passes, and nothing is closed. */
    @Test
    void asksTheDatabaseWhileItsFeedIsSilent() {
        FEED.halfOpen();
        awaitStale();

        expectTheTruthFromTheDatabase();
    }

    /** F6, S4: on a node of its own, for a pool that was cut off has connections that are dead. */
    @Test
    void letsNobodyInWhereItCanAskNobody() throws Exception {
        try (Link everything = Link.to(DATABASE.url())) {
            RosterExtension lonely = new RosterExtension().on(DATABASE).with("DATABASE_URL", everything.url());
            lonely.start();
            try {
                lonely.api().get("/users/me", user.token()).expect(200);
                everything.cut();
                Poll.until("stale", PATIENCE, () -> !isHealthy(lonely));
                node.logout(user.token()).expect(204);

                Api api = lonely.api();
                api.get("/users/me", user.token()).expectProblem(503, "unavailable");
                api.get("/users/me", bystander.token()).expectProblem(503, "unavailable");
                api.put(user.path(), user.token(), Map.of("name", "Nobody")).expectProblem(503, "unavailable");
                api.get("/users/me", null).expectUnauthenticated();
            } finally {
                lonely.stop();
            }
        }
    }

    /** S6 */
    @Test
    void knowsFromMemoryWhatItHasMissedOnceItHearsAgain() {
        FEED.cut();
        awaitStale();
        node.logout(user.token()).expect(204);
        TestUser byHand = node.newUser();
        revokeByHand(byHand);

        FEED.restore();
        awaitFresh();
        long asked = OTHER.count("roster.revocation-lookups.database");
        other.get("/users/me", user.token()).expectInvalidToken();
        other.get("/users/me", byHand.token()).expectInvalidToken();
        other.get("/users/me", bystander.token()).expect(200);

        assertThat(OTHER.count("roster.revocation-lookups.database")).isEqualTo(asked);
    }

    /** The list is what counts: a notification that says nothing makes it be read again. */
    @Test
    void isNotPutOffByNotificationsThatAreNone() {
        DATABASE.jdbi().useHandle(handle -> {
            handle.execute("NOTIFY token_blocklist, 'junk'");
            handle.execute("NOTIFY token_blocklist");
            handle.execute("""
                    INSERT INTO token_blocklist (id, kind, expires_at)
                    SELECT gen_random_uuid(), 'token', 'infinity' FROM generate_series(1, 10000)
                    """);
            handle.execute(
                    "INSERT INTO token_blocklist (id, kind, user_id, expires_at) VALUES (?, 'user', ?, 'infinity')",
                    user.id(),
                    user.id());
        });
        awaitRefused(user.token());

        node.logout(bystander.token()).expect(204);

        awaitRefused(bystander.token());
        assertThat(isHealthy(OTHER)).isTrue();
    }

    /** A connection can die in the middle of a notification, and the driver then waits for the rest of it for ever. */
    @Test
    void goesOnAfterANotificationThatBreaksOff() {
        FEED.breakOffAt('A');
        Poll.until(
                "stale",
                PATIENCE,
                () -> { // at the first notification that is not behind something else
                    node.logout(node.newToken(user.email())).expect(204);
                    return !isHealthy(OTHER);
                });
        node.logout(user.token()).expect(204);

        other.get("/users/me", user.token()).expectInvalidToken();
        FEED.restore();
        awaitFresh();
        node.logout(bystander.token()).expect(204);
        awaitRefused(bystander.token());
    }

    @Test
    void tellsHowLongItTakesToHear() {
        long before = OTHER.count("roster.revocations.received");
        long sent = NODE.gauge("roster.revocations.sent");

        node.logout(user.token()).expect(204);

        Poll.until("heard", PATIENCE, () -> OTHER.count("roster.revocations.received") == before + 2);
        assertThat(NODE.gauge("roster.revocations.sent")).isEqualTo(sent + 2);
        assertThat(OTHER.metrics().histogram("roster.revocations.lag").getCount())
                .isEqualTo(before + 2);
    }

    private void expectTheTruthFromTheDatabase() {
        long asked = OTHER.count("roster.revocation-lookups.database");

        node.logout(user.token()).expect(204);

        other.get("/users/me", user.token()).expectInvalidToken();
        other.put(user.path(), user.token(), Map.of("name", "Nobody")).expectInvalidToken();
        other.get("/users/me", bystander.token()).expect(200);
        assertThat(OTHER.count("roster.revocation-lookups.database") - asked).isEqualTo(3);
    }

    private void awaitRefused(String token) {
        Poll.until("refused", PATIENCE, () -> {
            Reply reply = other.get("/users/me", token);
            assertThat(reply.status()).isIn(200, 401);
            return reply.status() == 401;
        });
    }

    private static void awaitFresh() {
        Poll.until("fresh", PATIENCE, () -> isHealthy(OTHER));
    }

    private static void awaitStale() {
        Poll.until("stale", PATIENCE, () -> !isHealthy(OTHER));
        assertThat(feedOf(OTHER).path("message").asText()).startsWith("stale: ");
    }

    private static boolean isHealthy(RosterExtension roster) {
        return feedOf(roster).path("healthy").asBoolean();
    }

    private static JsonNode feedOf(RosterExtension roster) {
        return new Api(roster.admin()).raw("GET", "/healthcheck").body().path("revocation-feed");
    }

    private static void revokeByHand(TestUser user) {
        DATABASE.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO token_blocklist (id, kind, expires_at) VALUES (?, 'token', now() + interval '1 hour')",
                        UUID.fromString(
                                TestTokens.read(user.token()).path("jti").asText())));
    }
}
