package dev.roster.host;

import dev.roster.revocation.RevokedTokens;
import dev.roster.revocation.TokenBlocklist;
import java.time.Duration;
import java.util.function.IntUnaryOperator;
import org.jdbi.v3.core.Jdbi;

/**
 * Deletes what no longer matters: revocations of tokens that have expired, sessions that are over, spent refresh
 * tokens that are not answered again, and what limits have counted of those who may try anew. In small batches, each a
 * transaction of its own, so that no logout waits for it. Thread-safe.
 */
public final class Purge {
    private static final int BATCH = 1000;
    private static final double MARGIN_SECONDS = RevokedTokens.MARGIN.toMillis() / 1000.0;

    private final Jdbi jdbi;
    private final double refreshGraceSeconds;

    /** @param refreshGrace for how long a spent refresh token has to be known */
    public Purge(Jdbi jdbi, Duration refreshGrace) {
        this.jdbi = jdbi;
        this.refreshGraceSeconds = refreshGrace.toMillis() / 1000.0;
    }

    /**
     * Purges all there is to purge.
     *
     * @return how many rows it deleted
     */
    public int purge() {
        return purgeBlocklist()
                + purgeAll(limit -> execute("""
                        DELETE FROM sessions
                         WHERE id IN (SELECT id
                                        FROM sessions
                                       WHERE expires_at < now() - make_interval(secs => :seconds)
                                       ORDER BY expires_at
                                       LIMIT :limit
                                         FOR UPDATE SKIP LOCKED)
                        """, MARGIN_SECONDS, limit))
                + purgeAll(limit -> execute("""
                        DELETE FROM spent_refresh_tokens
                         WHERE (session_id, hash) IN (SELECT session_id, hash
                                                        FROM spent_refresh_tokens
                                                       WHERE spent_at < now() - make_interval(secs => :seconds)
                                                       ORDER BY spent_at
                                                       LIMIT :limit
                                                         FOR UPDATE SKIP LOCKED)
                        """, refreshGraceSeconds, limit))
                + purgeAll(limit -> execute("""
                        DELETE FROM request_limits
                         WHERE key IN (SELECT key
                                         FROM request_limits
                                        WHERE full_at < now() - make_interval(secs => :seconds)
                                        ORDER BY full_at
                                        LIMIT :limit
                                          FOR UPDATE SKIP LOCKED)
                        """, 0, limit))
                + purgeAll(limit -> execute("""
                        DELETE FROM failure_limits
                         WHERE key IN (SELECT key
                                         FROM failure_limits
                                        WHERE forgotten_at < now() - make_interval(secs => :seconds)
                                        ORDER BY forgotten_at
                                        LIMIT :limit
                                          FOR UPDATE SKIP LOCKED)
                        """, 0, limit));
    }

    /**
     * Purges the revocations alone.
     *
     * @return how many rows it deleted
     */
    public int purgeBlocklist() {
        return purgeAll(
                limit -> jdbi.withExtension(TokenBlocklist.class, blocklist -> blocklist.purge(MARGIN_SECONDS, limit)));
    }

    private int execute(String delete, double seconds, int limit) {
        return jdbi.withHandle(handle -> handle.createUpdate(delete)
                .bind("seconds", seconds)
                .bind("limit", limit)
                .execute());
    }

    private static int purgeAll(IntUnaryOperator purgeBatch) {
        int total = 0;
        int last;
        do {
            last = purgeBatch.applyAsInt(BATCH);
            total += last;
        } while (last == BATCH);
        return total;
    }
}
