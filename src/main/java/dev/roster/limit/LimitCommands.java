package dev.roster.limit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.KeyColumn;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.config.ValueColumn;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code request_limits} (token buckets) and {@code failure_limits} (consecutive failures). Seconds may have
 * fractions.
 *
 * <p>Every statement that writes locks the row of its key; {@link GuessLimit} and {@link RegistrationLimit} define the
 * order of several. The purges skip locked rows, so they wait for nobody.
 */
@RegisterConstructorMapper(LimitCommands.BucketState.class)
@RegisterConstructorMapper(LimitCommands.Failures.class)
public interface LimitCommands {

    /**
     * Takes tokens. The table stores only when the bucket will be full again (generic cell rate algorithm).
     *
     * @param tokens how many to take; at most as many as a full bucket holds
     * @return empty if the bucket holds fewer
     */
    @SqlQuery("""
            INSERT INTO request_limits AS bucket (key, full_at)
            VALUES (:key, now() + make_interval(secs => :intervalSeconds * :tokens))
            ON CONFLICT (key) DO UPDATE
               SET full_at = greatest(bucket.full_at, now()) + make_interval(secs => :intervalSeconds * :tokens)
             WHERE bucket.full_at <= now() + make_interval(secs => :intervalSeconds * (:atOnce - :tokens))
            RETURNING full_at <= now() + make_interval(secs => :intervalSeconds * :tokens) AS was_full,
                      full_at > now() + make_interval(secs => :intervalSeconds * (:atOnce - 1)) AS is_empty
            """)
    Optional<BucketState> take(String key, int tokens, @BindMethods Rate rate);

    /** The time until a bucket has a token; 0 or less if it has one. */
    @SqlQuery("""
            SELECT extract(epoch FROM full_at - now())::float8 - :intervalSeconds * (:atOnce - 1)
              FROM request_limits
             WHERE key = :key
            """)
    Optional<Double> secondsToNextToken(String key, @BindMethods Rate rate);

    /**
     * Counts a failure, unless the account is closed. The failure number {@code free} closes it for 1 s, and each
     * further one for twice as long.
     *
     * @param longestSeconds the longest time for which one failure closes the account
     * @param memorySeconds after this time without a failure, all are forgotten
     * @return empty if the account was closed already and nothing was counted
     */
    @SqlQuery("""
            INSERT INTO failure_limits AS account (key, failures, closed_until, forgotten_at)
            VALUES (:key,
                    1,
                    CASE WHEN :free <= 1 THEN now() + interval '1 s' ELSE 'epoch' END,
                    now() + make_interval(secs => :memorySeconds))
            ON CONFLICT (key) DO UPDATE
               SET failures = CASE WHEN account.forgotten_at <= now() THEN 1 ELSE account.failures + 1 END,
                   closed_until = CASE
                       WHEN account.forgotten_at <= now() THEN excluded.closed_until
                       WHEN account.failures + 1 < :free THEN account.closed_until
                       ELSE now() + make_interval(
                                secs => least(:longestSeconds, 2.0 ^ least(account.failures + 1 - :free, 30)))
                   END,
                   forgotten_at = excluded.forgotten_at
             WHERE account.closed_until <= now()
            RETURNING failures, greatest(0, extract(epoch FROM closed_until - now()))::float8 AS closed_seconds
            """)
    Optional<Failures> recordFailure(String key, int free, double longestSeconds, double memorySeconds);

    /**
     * For how many seconds each key is refused; 0 or less if it has a row but is not refused. Locks nothing.
     *
     * @param accounts keys of failures
     * @param address the key of a bucket
     * @param rate the rate of that bucket
     * @param network a key in {@code login_networks}; in the answer if this user logged in from there within a day
     */
    @SqlQuery("""
            SELECT key, extract(epoch FROM closed_until - now())::float8 AS seconds
              FROM failure_limits
             WHERE key = ANY (:accounts) AND forgotten_at > now()
             UNION ALL
            SELECT key, extract(epoch FROM full_at - now())::float8 - :intervalSeconds * (:atOnce - 1)
              FROM request_limits
             WHERE key = :address
             UNION ALL
            SELECT network, 0
              FROM login_networks
             WHERE user_id = :userId::uuid AND network = :network AND logged_in_at > now() - interval '1 day'
            """)
    @KeyColumn("key")
    @ValueColumn("seconds")
    Map<String, Double> secondsByKey(
            List<String> accounts, String address, @BindMethods Rate rate, @Nullable UUID userId, String network);

    @SqlUpdate("DELETE FROM failure_limits WHERE key = :key")
    void clearFailures(String key);

    /**
     * Deletes the rows of full buckets, which count nothing.
     *
     * @param limit how many rows to delete at most
     * @return how many rows were deleted
     */
    @SqlUpdate("""
            DELETE FROM request_limits
             WHERE key IN (SELECT key
                             FROM request_limits
                            WHERE full_at < now()
                            ORDER BY full_at
                            LIMIT :limit
                              FOR UPDATE SKIP LOCKED)
            """)
    int purgeRequests(int limit);

    /**
     * Deletes the rows of forgotten failures.
     *
     * @param limit how many rows to delete at most
     * @return how many rows were deleted
     */
    @SqlUpdate("""
            DELETE FROM failure_limits
             WHERE key IN (SELECT key
                             FROM failure_limits
                            WHERE forgotten_at < now()
                            ORDER BY forgotten_at
                            LIMIT :limit
                              FOR UPDATE SKIP LOCKED)
            """)
    int purgeFailures(int limit);

    /**
     * A bucket from which tokens were just taken.
     *
     * @param wasFull whether it was full before
     * @param isEmpty whether it is empty now: only tokens that a node has taken in advance can be spent
     */
    record BucketState(boolean wasFull, boolean isEmpty) {}

    /**
     * The consecutive failures of an account, after one was counted.
     *
     * @param closedSeconds for how long the account is closed now
     */
    record Failures(int failures, double closedSeconds) {}
}
