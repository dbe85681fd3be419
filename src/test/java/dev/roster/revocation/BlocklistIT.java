package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.process.RosterProcess;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** The table {@code token_blocklist}: what a node loads from it at its start, and what its listeners receive. */
class BlocklistIT {
    private static final Pattern SENT_AT = Pattern.compile(" \\d{13}$");

    private final TestDatabase database = TestDatabase.migrated();
    private final RosterExtension roster = new RosterExtension().on(database);

    @BeforeEach
    void start() throws Exception {
        roster.start();
    }

    @AfterEach
    void stop() {
        roster.stop();
    }

    /** S2 */
    @Test
    void loggedOutTokenIsRefusedAfterTheNodeIsKilled() throws Exception {
        Api.TestUser user;
        try (RosterProcess process = RosterProcess.serve(database.variables(Map.of()))) {
            user = process.api().newUser();
            process.api().get(user.path(), user.token()).expect(200);

            process.api().logout(user.token()).expect(204);
            process.kill();
        }

        restart();

        roster.api().get(user.path(), user.token()).expectInvalidToken();
        roster.api().get(user.path(), roster.api().newToken(user.email())).expect(200);
    }

    /** S2 */
    @Test
    void tokenOfADeletedUserIsRefusedAfterTheNodeIsKilled() throws Exception {
        Api.TestUser user;
        try (RosterProcess process = RosterProcess.serve(database.variables(Map.of()))) {
            user = process.api().newUser();

            process.api().delete(user.path(), user.token()).expect(204);
            process.kill();
        }

        restart();

        roster.api().get(user.path(), user.token()).expectInvalidToken();
    }

    /** S2: even if the server is configured to lose its last commits in a crash, as the embedded one is. */
    @Test
    void commitsAreSynchronous() throws SQLException {
        var commands = roster.support().getConfiguration().database().commands();
        try (Connection connection =
                commands.build(new MetricRegistry(), "test").getConnection()) {
            assertThat(show(connection, "synchronous_commit")).isEqualTo("on");
        }
    }

    @Test
    void revocationsInTheDatabaseApplyFromTheStart() throws Exception {
        Api api = roster.api();
        Api.TestUser byToken = api.newUser();
        Api.TestUser bySession = api.newUser();
        Api.TestUser byUser = api.newUser();
        Api.TestUser untouched = api.newUser();
        revoke("token", claim(byToken.token(), "jti"), null, "15 minutes");
        revoke("session", claim(bySession.token(), "sid"), bySession.id(), "15 minutes");
        revoke("user", byUser.id(), byUser.id(), "15 minutes");

        restart();

        for (Api.TestUser user : List.of(byToken, bySession, byUser)) {
            roster.api().get(user.path(), user.token()).expectInvalidToken();
        }
        roster.api().get(untouched.path(), untouched.token()).expect(200);
        roster.api().get(byToken.path(), roster.api().newToken(byToken.email())).expect(200);
        roster.api()
                .get(bySession.path(), roster.api().newToken(bySession.email()))
                .expect(200);
    }

    @Test
    void startLoadsNoRevocationThatExpiredLongAgo() throws Exception {
        revoke("token", UUID.randomUUID(), null, "1 hour");
        revoke("token", UUID.randomUUID(), null, "-4 minutes");
        revoke("token", UUID.randomUUID(), null, "-6 minutes");
        revoke("token", UUID.randomUUID(), null, "-1 year");

        restart();

        assertThat(roster.count("roster_revoked_ids")).isEqualTo(2);
    }

    @Test
    void listenersReceiveWhatIsRevokedAndUntilWhen() throws Exception {
        Api api = roster.api();
        Api.TestUser user = api.newUser();
        String stays = api.newToken(user.email());
        try (Handle listener = database.jdbi().open()) {
            listener.execute("LISTEN token_blocklist");

            api.logout(user.token()).expect(204);
            assertThat(notified(listener))
                    .containsExactly(row(claim(user.token(), "sid")), row(claim(user.token(), "jti")));

            String ends = api.newToken(user.email());
            api.put(user.path(), stays, Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                    .expect(200);
            assertThat(notified(listener)).containsExactly(row(claim(ends, "sid")));

            api.delete(user.path(), stays).expect(204);
            assertThat(notified(listener)).containsExactly(row(user.id()));

            UUID inTheDatabase = UUID.randomUUID();
            revoke("token", inTheDatabase, null, "1 hour");
            assertThat(notified(listener)).containsExactly(row(inTheDatabase));
        }
    }

    @Test
    void listenersReceiveOnlyCommittedRevocations() throws Exception {
        UUID committed = UUID.randomUUID();
        try (Handle listener = database.jdbi().open()) {
            listener.execute("LISTEN token_blocklist");

            database.jdbi()
                    .useHandle(handle -> handle.useTransaction(transaction -> {
                        transaction.execute(
                                "INSERT INTO token_blocklist (id, kind, expires_at) VALUES (?, 'token', now())",
                                UUID.randomUUID());
                        transaction.rollback();
                    }));
            revoke("token", committed, null, "1 hour");

            assertThat(notified(listener)).containsExactly(row(committed));
        }
    }

    private void restart() throws Exception {
        roster.stop();
        roster.start();
    }

    private void revoke(String kind, UUID id, @Nullable UUID userId, String validFor) {
        database.jdbi().useHandle(handle -> handle.createUpdate("""
                                INSERT INTO token_blocklist (id, kind, user_id, expires_at)
                                VALUES (:id, :kind, :userId::uuid, now() + :validFor::interval)
                                """)
                .bind("id", id)
                .bind("kind", kind)
                .bind("userId", userId)
                .bind("validFor", validFor)
                .execute());
    }

    /** The notification for a row, without the time at which it was written. */
    private String row(UUID id) {
        Instant expiresAt = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT expires_at FROM token_blocklist WHERE id = ?")
                        .bind(0, id)
                        .mapTo(Instant.class)
                        .one());
        long seconds = expiresAt.getNano() == 0 ? expiresAt.getEpochSecond() : expiresAt.getEpochSecond() + 1;
        return id + " " + seconds;
    }

    private static List<String> notified(Handle listener) throws SQLException {
        List<String> payloads = new ArrayList<>();
        for (PGNotification notification :
                listener.getConnection().unwrap(PGConnection.class).getNotifications(10_000)) {
            payloads.add(SENT_AT.matcher(notification.getParameter()).replaceFirst(""));
        }
        return payloads;
    }

    private static UUID claim(String token, String name) {
        return UUID.fromString(TestTokens.read(token).path(name).asText());
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (var result = connection.createStatement().executeQuery("SHOW " + setting)) {
            result.next();
            return result.getString(1);
        }
    }
}
