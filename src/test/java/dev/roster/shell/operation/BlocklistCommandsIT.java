package dev.roster.shell.operation;

import static dev.roster.support.process.Shell.expect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code list-blocklist} and {@code purge-blocklist}. */
class BlocklistCommandsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final Shell shell = new Shell(DATABASE);
    private final UUID user = UUID.fromString("019ab6f0-0000-7000-8000-000000000001");
    private final UUID token = UUID.fromString("019ab6f0-0000-7000-8000-000000000002");
    private final UUID expired = UUID.fromString("019ab6f0-0000-7000-8000-000000000003");
    private final UUID justExpired = UUID.fromString("019ab6f0-0000-7000-8000-000000000004");

    @BeforeEach
    void block() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("DELETE FROM token_blocklist"));
        Instant now = Instant.now();
        block(user, "user", user, "user_deleted", "2026-11-22T07:04:31.123456Z", "2999-01-01T00:00:00Z");
        block(token, "token", null, "by hand\tof \u001b[31m\nme", "2026-11-22T07:04:32Z", "infinity");
        block(
                expired,
                "session",
                user,
                "logged_out",
                "2026-11-22T07:04:33Z",
                now.minusSeconds(310).toString());
        block(
                justExpired,
                "session",
                user,
                "logged_out",
                "2026-11-22T07:04:34Z",
                now.minusSeconds(60).toString());
    }

    @Test
    void listShowsRevocationsNewestFirst() {
        expect(
                shell.run("list-blocklist"),
                token + "\ttoken\t-\tby hand?of ?[31m?me\t2026-11-22T07:04:32.000000Z\tinfinity\n" + user + "\tuser\t"
                        + user + "\tuser_deleted\t2026-11-22T07:04:31.123456Z\t2999-01-01T00:00:00.000000Z");
    }

    @Test
    void listShowsExpiredEntriesWithTheAllOption() {
        Outcome outcome = shell.run("list-blocklist", "--all");

        assertThat(outcome.failed()).isFalse();
        assertThat(outcome.output().lines().map(line -> line.substring(0, line.indexOf('\t'))))
                .containsExactly(justExpired.toString(), expired.toString(), token.toString(), user.toString());
    }

    /** S12: the command keeps the same margin as the service's own purge. */
    @Test
    void purgeRemovesEntriesExpiredForLongerThanTheMargin() {
        expect(shell.run("purge-blocklist"), "purged 1 row");
        expect(shell.run("purge-blocklist"), "purged 0 rows");

        assertThat(shell.run("list-blocklist", "--all").output())
                .contains(user.toString(), token.toString(), justExpired.toString())
                .doesNotContain(expired.toString());
    }

    @Test
    void purgeRemovesMoreThanOneBatch() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO token_blocklist (id, kind, expires_at)
                SELECT gen_random_uuid(), 'token', now() - interval '1 hour' FROM generate_series(1, 2500)
                """));

        expect(shell.run("purge-blocklist"), "purged 2501 rows");
    }

    @Test
    void listOfAnEmptyBlocklistPrintsNothing() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("DELETE FROM token_blocklist"));

        Outcome outcome = shell.run("list-blocklist");

        assertThat(outcome.failed()).isFalse();
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).isEmpty();
    }

    private static void block(
            UUID id, String kind, @Nullable UUID userId, String reason, String revokedAt, String expiresAt) {
        DATABASE.jdbi().useHandle(handle -> handle.createUpdate("""
                                INSERT INTO token_blocklist (id, kind, user_id, reason, revoked_at, expires_at)
                                VALUES (:id, :kind, :userId::uuid, :reason,
                                        :revokedAt::timestamptz, :expiresAt::timestamptz)
                                """)
                .bind("id", id)
                .bind("kind", kind)
                .bind("userId", userId == null ? null : userId.toString())
                .bind("reason", reason)
                .bind("revokedAt", revokedAt)
                .bind("expiresAt", expiresAt)
                .execute());
    }
}
