package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.ConsoleLog;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An asynchronous standby takes over from a primary that was killed, and lacks its last commits. */
class RevocationFailoverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final PrivatePostgres PRIMARY = new PrivatePostgres();
    private static final TestDatabase DATABASE = TestDatabase.migrated(PRIMARY);
    private static final PrivatePostgres STANDBY = PrivatePostgres.standbyOf(PRIMARY);

    @RegisterExtension
    static final RosterExtension NODE = node();

    @RegisterExtension
    static final RosterExtension OTHER = node();

    private final Api api = NODE.api();
    private final RosterExtension memoryless = node();
    private final Jdbi promoted = DATABASE.jdbi(STANDBY);

    @AfterAll
    static void stop() {
        STANDBY.close();
        PRIMARY.close();
    }

    /** A node that knows both servers. */
    private static RosterExtension node() {
        URI standby = URI.create(DATABASE.url(STANDBY).substring("jdbc:".length()));
        String both = DATABASE.url().replaceFirst("(//[^/]+)/", "$1," + standby.getAuthority() + "/")
                + (DATABASE.url().contains("?") ? "&" : "?") + "targetServerType=primary";
        return new RosterExtension().on(DATABASE).with("DATABASE_URL", both);
    }

    @Test
    void acknowledgedRevocationsSurviveTheLossOfTheirCommits() throws Exception {
        TestUser user = api.newUser();
        TestSession loggedOut = api.newSession(user);
        TestSession ended = api.newSession(user);
        TestUser deleted = api.newUser();
        TestSession ofDeleted = api.newSession(deleted);
        TestUser renamed = api.newUser();
        STANDBY.awaitReplayOf(PRIMARY);
        STANDBY.stopReceiving();

        api.logout(loggedOut.accessToken()).expect(204);
        api.delete(user.sessionsPath() + "/" + ended.id(), user.token()).expect(204);
        api.delete(deleted.path(), deleted.token()).expect(204);
        api.put(renamed.path(), renamed.token(), Map.of("name", "Lost Name")).expect(200);
        OTHER.api().get(renamed.path(), renamed.token()).expect(200);
        Poll.until(
                "the other node has heard all", PATIENCE, () -> OTHER.count("roster_revocations_received_total") >= 4);

        try (ConsoleLog log = new ConsoleLog()) {
            PRIMARY.kill();
            STANDBY.promote();
            awaitFreshOn(NODE);
            awaitFreshOn(OTHER);
            assertThat(log.linesUntil(1, line -> line.contains("SECURITY revocations_restored")))
                    .isNotEmpty();
        }

        assertThat(row(loggedOut.id()))
                .containsEntry("kind", "session")
                .containsEntry("user_id", user.id())
                .containsEntry("reason", "logged_out");
        assertThat(row(ended.id())).containsEntry("kind", "session").containsEntry("reason", "session_ended");
        assertThat(row(deleted.id())).containsEntry("kind", "user").containsEntry("reason", "user_deleted");
        assertThat(NODE.count("roster_revocations_restored_total") + OTHER.count("roster_revocations_restored_total"))
                .isGreaterThanOrEqualTo(4);
        for (RosterExtension node : List.of(NODE, OTHER, newNode())) {
            for (TestSession session : List.of(loggedOut, ended, ofDeleted)) {
                node.api().get("/users/me", session.accessToken()).expectInvalidToken();
                node.api().refresh(session.refreshToken()).expect(401);
            }
            node.api().get("/users/me", user.token()).expect(200);
            assertThat(node.api()
                            .get(renamed.path(), renamed.token())
                            .expect(200)
                            .body()
                            .path("name")
                            .asText())
                    .as("users in the cache are forgotten")
                    .isNotEqualTo("Lost Name");
        }
        assertThat(sessions(deleted.id())).isZero();
        memoryless.stop();
    }

    /** A node that has started after the failover, and knows the table only. */
    private RosterExtension newNode() throws Exception {
        memoryless.start();
        return memoryless;
    }

    private static void awaitFreshOn(RosterExtension node) {
        Poll.until(
                "fresh on the new timeline",
                PATIENCE,
                () -> node.count("roster_primary_timeline") == 2 && node.count("roster_feed_fresh") == 1);
    }

    private Map<String, Object> row(UUID id) {
        return promoted.withHandle(handle -> handle.select("SELECT * FROM token_blocklist WHERE id = ?", id)
                .mapToMap()
                .one());
    }

    private int sessions(UUID userId) {
        return promoted.withHandle(handle -> handle.select("SELECT count(*) FROM sessions WHERE user_id = ?", userId)
                .mapTo(Integer.class)
                .one());
    }
}
