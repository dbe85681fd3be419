package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PurgeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    /** A service that purges every second. */
    @RegisterExtension
    static final RosterExtension SCHEDULED = new RosterExtension().with("PURGE_INTERVAL", "1s");

    private final Api admin = new Api(ROSTER.admin());

    @BeforeEach
    void empty() {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "TRUNCATE token_blocklist, spent_refresh_tokens, sessions, last_logins, mail_tokens, mails,"
                                + " users, request_limits, failure_limits, login_networks"));
    }

    @Test
    void purgeDeletesOnlyRowsThatExpiredBeforeTheMargin() {
        UUID expired = revoke(ROSTER, "-6 minutes");
        UUID withinMargin = revoke(ROSTER, "-4 minutes");
        UUID live = revoke(ROSTER, "15 minutes");
        UUID user = addUser(ROSTER);
        UUID expiredSession = openSession(user, "-6 minutes");
        UUID sessionWithinMargin = openSession(user, "-4 minutes");
        UUID liveSession = openSession(user, "15 minutes");

        Reply reply = admin.raw("POST", "/tasks/purge").expect(200);

        assertThat(reply.text().strip()).isEqualTo("purged 2 rows");
        assertThat(ids("token_blocklist"))
                .containsExactlyInAnyOrder(withinMargin, live)
                .doesNotContain(expired);
        assertThat(ids("sessions"))
                .containsExactlyInAnyOrder(sessionWithinMargin, liveSession)
                .doesNotContain(expiredSession);
        assertThat(ids("users")).containsExactly(user);
    }

    @Test
    void purgeDeletesInBatchesUntilNothingIsLeft() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO token_blocklist (id, kind, expires_at)
                SELECT gen_random_uuid(), 'token', now() - interval '1 hour' FROM generate_series(1, 2500)
                """));
        UUID live = revoke(ROSTER, "1 minute");

        Reply reply = admin.raw("POST", "/tasks/purge").expect(200);

        assertThat(reply.text().strip()).isEqualTo("purged 2500 rows");
        assertThat(ids("token_blocklist")).containsExactly(live);
    }

    @Test
    void purgeDeletesSpentRefreshTokensAfterTheGrace() {
        UUID session = openSession(addUser(ROSTER), "1 hour");
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO spent_refresh_tokens (session_id, hash, successor_salt, spent_at)
                VALUES (?1, 'old', 'x', now() - interval '11 seconds'), (?1, 'new', 'x', now() - interval '1 second')
                """.replace("?1", "'" + session + "'")));

        Reply reply = admin.raw("POST", "/tasks/purge").expect(200);

        assertThat(reply.text().strip()).isEqualTo("purged 1 rows");
        List<String> kept = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT hash FROM spent_refresh_tokens")
                        .mapTo(String.class)
                        .list());
        assertThat(kept).containsExactly("new");
    }

    @Test
    void purgeDeletesLimitsThatNoLongerApply() {
        ROSTER.jdbi().useHandle(handle -> {
            handle.execute("INSERT INTO request_limits VALUES ('full', now() - interval '1 s'),"
                    + " ('filling', now() + interval '1 h')");
            handle.execute("INSERT INTO failure_limits VALUES ('forgotten', 3, now(), now() - interval '1 s'),"
                    + " ('remembered', 3, now(), now() + interval '1 h')");
            UUID user = addUser(ROSTER);
            handle.execute(
                    "INSERT INTO login_networks VALUES (?, 'old', now() - interval '91 days'),"
                            + " (?, 'late', now() - interval '89 days')",
                    user,
                    user);
        });

        Reply reply = admin.raw("POST", "/tasks/purge").expect(200);

        assertThat(reply.text().strip()).isEqualTo("purged 3 rows");
        List<String> kept = ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT key FROM request_limits
                         UNION ALL
                        SELECT key FROM failure_limits
                         UNION ALL
                        SELECT network FROM login_networks
                        """).mapTo(String.class).list());
        assertThat(kept).containsExactly("filling", "remembered", "late");
    }

    @Test
    void purgeLeavesASessionThatIsBeingRefreshed() {
        UUID session = openSession(addUser(ROSTER), "-1 hour");
        UUID other = openSession(addUser(ROSTER), "-1 hour");
        try (Handle handle = ROSTER.jdbi().open()) {
            handle.begin();
            handle.execute("SELECT FROM sessions WHERE id = ? FOR UPDATE", session);

            Reply reply = admin.raw("POST", "/tasks/purge").expect(200);

            assertThat(reply.text().strip()).isEqualTo("purged 1 rows");
            handle.rollback();
        }
        assertThat(ids("sessions")).containsExactly(session).doesNotContain(other);
    }

    /** Neither the purge nor a logout that has locked the row waits for the other. */
    @Test
    void purgeSkipsLockedRows() {
        UUID held = revoke(ROSTER, "-1 hour");
        try (Handle handle = ROSTER.jdbi().open()) {
            handle.begin();
            handle.execute("SELECT FROM token_blocklist WHERE id = ? FOR UPDATE", held);

            Reply reply = admin.raw("POST", "/tasks/purge").expect(200);

            assertThat(reply.text().strip()).isEqualTo("purged 0 rows");
            handle.rollback();
        }
        assertThat(ids("token_blocklist")).containsExactly(held);
    }

    @Test
    void revokedTokenStaysRefusedAfterAPurge() {
        Api api = ROSTER.api();
        Api.TestUser user = api.newUser();
        api.logout(user.token()).expect(204);

        admin.raw("POST", "/tasks/purge").expect(200);

        api.get(user.path(), user.token()).expectProblem(401, "invalid-token");
        assertThat(ids("token_blocklist")).as("the token and its session").hasSize(2);
    }

    /** The node stays ready after a failure. */
    @Test
    void scheduledPurgeContinuesAfterAFailure() {
        UUID live = revoke(SCHEDULED, "15 minutes");
        SCHEDULED.jdbi().useHandle(handle -> handle.execute("ALTER TABLE token_blocklist RENAME TO hidden"));
        Poll.until("its failure is told", PATIENCE, () -> message().startsWith("the last run failed: "));
        new Api(SCHEDULED.admin()).raw("GET", "/healthcheck").expect(200);
        SCHEDULED.jdbi().useHandle(handle -> handle.execute("ALTER TABLE hidden RENAME TO token_blocklist"));

        Poll.until("its success is told", PATIENCE, () -> message().isEmpty());
        revoke(SCHEDULED, "-1 hour");

        Poll.until("purged", PATIENCE, () -> ids(SCHEDULED, "token_blocklist").equals(Set.of(live)));
    }

    private static String message() {
        return new Api(SCHEDULED.admin())
                .raw("GET", "/healthcheck")
                .body()
                .path("purge")
                .path("message")
                .asText();
    }

    private static UUID revoke(RosterExtension roster, String expiry) {
        UUID id = UUID.randomUUID();
        roster.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO token_blocklist (id, kind, expires_at) VALUES (?, 'token', now() + ?::interval)",
                        id,
                        expiry));
        return id;
    }

    private static UUID addUser(RosterExtension roster) {
        UUID id = UUID.randomUUID();
        roster.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO users (id, name, email, password_hash) VALUES (?, 'N', ?, 'x')",
                        id,
                        Api.newEmail()));
        return id;
    }

    private static UUID openSession(UUID user, String expiry) {
        UUID id = UUID.randomUUID();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO sessions (id, user_id, expires_at) VALUES (?, ?, now() + ?::interval)",
                        id,
                        user,
                        expiry));
        return id;
    }

    private static Set<UUID> ids(String table) {
        return ids(ROSTER, table);
    }

    private static Set<UUID> ids(RosterExtension roster, String table) {
        return roster.jdbi().withHandle(handle -> handle.createQuery("SELECT id FROM " + table)
                .mapTo(UUID.class)
                .set());
    }
}
