package dev.roster.query.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.fault.StatementProxy;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Cached users follow all changes, on the node that makes them and on another. */
class UserCacheIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final StatementProxy PROXY = StatementProxy.before(DATABASE);
    private static final Link FEED = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension NODE = new RosterExtension().on(DATABASE).set("tokens.revocationFreshness", "3s");

    @RegisterExtension
    static final RosterExtension OTHER = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_URL", PROXY.url())
            .with("FEED_DATABASE_URL", FEED.url())
            .set("audit.sealInterval", "1h")
            .set("tokens.revocationFreshness", "3s");

    @RegisterExtension
    static final RosterExtension UNCACHED = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_URL", PROXY.url())
            .with("FEED_DATABASE_URL", DATABASE.url())
            .with("USER_CACHE", "0")
            .set("audit.sealInterval", "1h")
            .set("tokens.revocationFreshness", "3s");

    private final Api node = NODE.api();
    private final Api other = OTHER.api();
    private final TestUser user = node.newUser();
    private final TestUser reader = node.newUser();

    @AfterEach
    void restore() {
        FEED.restore();
        awaitFeed(true);
    }

    @Test
    void changeIsVisibleAtOnceOnTheNodeThatMakesIt() {
        for (Map<String, String> change :
                List.of(Map.of("name", "Changed"), Map.of("email", Api.newEmail()), Map.of("role", "admin"))) {
            Reply before = read(node).expect(200);
            String oldTag = String.valueOf(before.header("ETag"));
            readIf(node, "If-None-Match", oldTag).expect(304);

            Reply written = node.put(user.path(), user.token(), change).expect(200);

            Reply after = read(node).expect(200);
            assertThat(after.body()).isEqualTo(written.body()).isNotEqualTo(before.body());
            assertThat(after.header("ETag")).isEqualTo(written.header("ETag")).isNotEqualTo(oldTag);
            assertThat(node.get("/users/me", user.token()).body()).isEqualTo(written.body());
            readIf(node, "If-None-Match", oldTag).expect(200);
            readIf(node, "If-None-Match", String.valueOf(written.header("ETag")))
                    .expect(304);
            readIf(node, "If-Match", oldTag).expectProblem(412, "version-conflict");
        }
    }

    /** T11 */
    @Test
    void deletedUserIsNotFoundAtOnceOnTheNodeThatDeletes() {
        read(node).expect(200);

        node.delete(user.path(), user.token()).expect(204);

        read(node).expectProblem(404, "not-found");
        node.get(user.sessionsPath(), reader.token()).expectProblem(404, "not-found");
    }

    @Test
    void changeBecomesVisibleOnAnotherNode() {
        read(other).expect(200);

        node.put(user.path(), user.token(), Map.of("name", "Changed")).expect(200);
        awaitName("Changed");

        node.delete(user.path(), user.token()).expect(204);
        awaitGone();
    }

    @Test
    void changeInTheDatabaseBecomesVisible() {
        for (String change : List.of(
                "name = 'By Hand'",
                "email = 'by-hand@example.com'",
                "role = 'admin'",
                "email_verified_at = now()",
                "version = 7",
                "created_at = '2026-01-02T03:04:05Z'",
                "updated_at = '2100-01-02T03:04:05Z'")) {
            Reply before = read(other).expect(200);
            DATABASE.jdbi()
                    .useHandle(handle -> handle.execute("UPDATE users SET " + change + " WHERE id = ?", user.id()));

            Poll.until(change + " is shown", PATIENCE, () -> {
                Reply reply = read(other).expect(200);
                return !reply.text().equals(before.text())
                        || !String.valueOf(reply.header("ETag")).equals(before.header("ETag"));
            });
        }
        DATABASE.jdbi().useHandle(handle -> handle.execute("DELETE FROM users WHERE id = ?", user.id()));
        awaitGone();
    }

    @Test
    void truncatedUsersAreNoLongerFound() {
        String token = reader.token();
        other.get("/users/me", token).expect(200);

        DATABASE.jdbi().useHandle(handle -> handle.execute("TRUNCATE users CASCADE"));

        Poll.until(
                "the user is gone",
                PATIENCE,
                () -> other.get("/users/me", token).status() == 401);
    }

    /** Notifications arrive in order: once the second change is visible, the first has been received as well. */
    @Test
    void changeOfThePasswordHashAloneDoesNotEvictTheUser() {
        other.get(reader.path(), reader.token()).expect(200);
        read(other).expect(200);
        DATABASE.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE users SET password_hash = replace(password_hash, '$2a$', '$2b$') WHERE id = ?",
                        reader.id()));
        node.put(user.path(), user.token(), Map.of("name", "Changed")).expect(200);
        awaitName("Changed");

        assertThat(statementsOf(() -> other.get(reader.path(), reader.token()).expect(200)))
                .isEmpty();
    }

    @Test
    void malformedNotificationsDoNotStopTheUserFeed() {
        read(other).expect(200);
        DATABASE.jdbi().useHandle(handle -> {
            handle.execute("NOTIFY users, 'junk'");
            handle.execute("NOTIFY users");
        });

        node.put(user.path(), user.token(), Map.of("name", "Changed")).expect(200);

        awaitName("Changed");
    }

    /** F5: two further statements find the key of the token, and check the token. */
    @Test
    void everyReadQueriesTheDatabaseWhileTheFeedIsCut() {
        read(other).expect(200);
        FEED.cut();
        awaitFeed(false);

        for (String name : List.of("First", "Second", "Third")) {
            node.put(user.path(), user.token(), Map.of("name", name)).expect(200);
            assertThat(statementsOf(() -> expectName(name, read(other)))).hasSize(3);
            assertThat(statementsOf(() -> expectName(name, read(other)))).hasSize(3);
        }
    }

    /** F5: the connection stays open but delivers nothing. */
    @Test
    void readsQueryTheDatabaseOnceTheFeedIsSilentForTooLong() {
        read(other).expect(200);
        FEED.halfOpen();
        node.put(user.path(), user.token(), Map.of("name", "Changed")).expect(200);

        awaitFeed(false);

        expectName("Changed", read(other));
    }

    /** S6 */
    @Test
    void changeThatTheFeedMissedIsVisibleOnceItReconnects() {
        read(other).expect(200);
        FEED.cut();
        awaitFeed(false);
        node.put(user.path(), user.token(), Map.of("name", "Changed")).expect(200);

        FEED.restore();
        awaitFeed(true);

        expectName("Changed", read(other));
        assertThat(statementsOf(() -> expectName("Changed", read(other)))).isEmpty();
    }

    @Test
    void consistencyTokenShowsAWriteThatTheFeedHasNotDelivered() {
        for (int i = 0; i < 20; i++) {
            read(other).expect(200);
            FEED.halfOpen();
            String name = "Name " + i;
            String token = String.valueOf(node.put(user.path(), user.token(), Map.of("name", name))
                    .expect(200)
                    .header("Consistency-Token"));

            expectName(name, readIf(other, "Consistency-Token", token));
            FEED.restore();
        }
    }

    @Test
    void userCacheCanBeDisabled() {
        Api uncached = UNCACHED.api();

        for (int i = 0; i < 3; i++) {
            assertThat(statementsOf(() -> read(uncached).expect(200))).hasSize(1);
        }

        assertThat(UNCACHED.count("roster_user_cache_lookups_total", "outcome", "hits"))
                .isZero();
        assertThat(UNCACHED.count("roster_user_cache_lookups_total", "outcome", "misses"))
                .isZero();
    }

    private Reply read(Api from) {
        return from.get(user.path(), reader.token());
    }

    private Reply readIf(Api from, String header, String value) {
        return from.send(
                from.request(user.path(), reader.token()).header(header, value).GET());
    }

    private static void expectName(String name, Reply reply) {
        assertThat(reply.expect(200).body().path("name").asText()).isEqualTo(name);
    }

    private void awaitName(String name) {
        Poll.until(
                name + " is shown",
                PATIENCE,
                () -> read(other).expect(200).body().path("name").asText().equals(name));
    }

    private void awaitGone() {
        Poll.until("gone", PATIENCE, () -> read(other).status() == 404);
    }

    private static List<List<String>> statementsOf(Runnable action) {
        return PROXY.during(action);
    }

    private static void awaitFeed(boolean isHealthy) {
        Poll.until(
                "the feed is healthy: " + isHealthy,
                PATIENCE,
                () -> new Api(OTHER.admin())
                                .raw("GET", "/healthcheck")
                                .body()
                                .path("revocation-feed")
                                .path("healthy")
                                .asBoolean()
                        == isHealthy);
    }
}
