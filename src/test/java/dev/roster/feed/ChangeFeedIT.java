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

/** Two nodes on one database: each refuses what the other revokes, even while its feed fails. */
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
    void tokenLoggedOutOnAnotherNodeIsRefused() {
        other.get(user.path(), user.token()).expect(200);

        node.logout(user.token()).expect(204);

        awaitRefused(user.token());
        other.get(user.path(), bystander.token()).expect(200);
    }

    /** T11 */
    @Test
    void tokensOfAUserDeletedOnAnotherNodeAreRefused() {
        String second = other.newToken(user.email());

        node.delete(user.path(), user.token()).expect(204);

        awaitRefused(user.token());
        awaitRefused(second);
    }

    /** A9 */
    @Test
    void sessionsEndedByAPasswordChangeOnAnotherNodeAreRefused() {
        TestSession ended = other.newSession(user);

        node.put(user.path(), user.token(), Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expect(200);

        awaitRefused(ended.accessToken());
        other.get("/users/me", user.token()).expect(200);
    }

    @Test
    void tokenRevokedInTheDatabaseIsRefused() {
        revokeInTheDatabase(user);

        awaitRefused(user.token());
        Poll.until(
                "refused", PATIENCE, () -> node.get("/users/me", user.token()).status() == 401);
    }

    @Test
    void tenThousandRevocationsAtOnceAreAllReceived() throws Exception {
        long before = OTHER.count("roster_revocations_received_total");
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
        Poll.until(
                "all are received",
                PATIENCE,
                () -> OTHER.count("roster_revocations_received_total") - before >= 10_008);
        assertThat(OTHER.count("roster_revoked_ids")).isEqualTo(DATABASE.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT count(*) FROM token_blocklist")
                .mapTo(Long.class)
                .one()));
    }

    /** F5, S4 */
    @Test
    void tokensAreCheckedInTheDatabaseWhileTheFeedIsCut() {
        FEED.cut();
        awaitStale();

        expectChecksInTheDatabase();
    }

    /** F5, S4: the connection stays open but delivers nothing. */
    @Test
    void tokensAreCheckedInTheDatabaseWhileTheFeedIsSilent() {
        FEED.halfOpen();
        awaitStale();

        expectChecksInTheDatabase();
    }

    /** F6, S4: on a node of its own, because its pool keeps dead connections afterwards. */
    @Test
    void requestsAreUnavailableWithoutFeedAndDatabase() throws Exception {
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
    void missedRevocationsAreInMemoryOnceTheFeedReconnects() {
        FEED.cut();
        awaitStale();
        node.logout(user.token()).expect(204);
        TestUser revokedInTheDatabase = node.newUser();
        revokeInTheDatabase(revokedInTheDatabase);

        FEED.restore();
        awaitFresh();
        long asked = OTHER.count("roster_revocation_lookups_total", "source", "database");
        other.get("/users/me", user.token()).expectInvalidToken();
        other.get("/users/me", revokedInTheDatabase.token()).expectInvalidToken();
        other.get("/users/me", bystander.token()).expect(200);

        assertThat(OTHER.count("roster_revocation_lookups_total", "source", "database"))
                .isEqualTo(asked);
    }

    /** A notification that the node cannot parse makes it reload the blocklist. */
    @Test
    void malformedNotificationsDoNotStopTheRevocationFeed() {
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

    /** If a connection dies within a notification, the driver waits forever for the rest. */
    @Test
    void feedRecoversFromATruncatedNotification() {
        FEED.breakOffAt('A');
        Poll.until(
                "stale",
                PATIENCE,
                () -> { // the link breaks off only at a notification that begins a packet
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
    void delayOfRevocationsIsMeasured() {
        long before = OTHER.count("roster_revocations_received_total");
        long sent = NODE.count("roster_revocations_sent_total");

        node.logout(user.token()).expect(204);

        Poll.until("received", PATIENCE, () -> OTHER.count("roster_revocations_received_total") == before + 2);
        assertThat(NODE.count("roster_revocations_sent_total")).isEqualTo(sent + 2);
        assertThat(OTHER.count("roster_revocation_lag_seconds_count")).isEqualTo(before + 2);
    }

    private void expectChecksInTheDatabase() {
        long asked = OTHER.count("roster_revocation_lookups_total", "source", "database");

        node.logout(user.token()).expect(204);

        other.get("/users/me", user.token()).expectInvalidToken();
        other.put(user.path(), user.token(), Map.of("name", "Nobody")).expectInvalidToken();
        other.get("/users/me", bystander.token()).expect(200);
        assertThat(OTHER.count("roster_revocation_lookups_total", "source", "database") - asked)
                .isEqualTo(3);
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

    private static void revokeInTheDatabase(TestUser user) {
        DATABASE.jdbi()
                .useHandle(handle -> handle.execute(
                        """
                        INSERT INTO token_blocklist (id, kind, expires_at)
                        VALUES (?, 'token', now() + interval '1 hour')
                        """,
                        UUID.fromString(
                                TestTokens.read(user.token()).path("jti").asText())));
    }
}
