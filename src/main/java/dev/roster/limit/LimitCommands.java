package dev.roster.limit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.KeyColumn;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.config.ValueColumn;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** What is counted, in the tables {@code request_limits} and {@code failure_limits}. Seconds may have fractions. */
@RegisterConstructorMapper(BucketState.class)
public interface LimitCommands {

    /**
     * Takes one from a bucket that fills by one each {@code intervalSeconds}, up to {@code atOnce}. The time at which it
     * will be full again is all there is to know of it (the generic cell rate algorithm).
     *
     * @return empty where there is none to take
     */
    @SqlQuery("""
            INSERT INTO request_limits AS bucket (key, full_at)
            VALUES (:key, now() + make_interval(secs => :intervalSeconds))
            ON CONFLICT (key) DO UPDATE
               SET full_at = greatest(bucket.full_at, now()) + make_interval(secs => :intervalSeconds)
             WHERE bucket.full_at <= now() + make_interval(secs => :intervalSeconds * (:atOnce - 1))
            RETURNING full_at <= now() + make_interval(secs => :intervalSeconds) AS first,
                      full_at > now() + make_interval(secs => :intervalSeconds * (:atOnce - 1)) AS last
            """)
    Optional<BucketState> take(String key, double intervalSeconds, int atOnce);

    /** In how many seconds a bucket has one again; 0 or less where it has. */
    @SqlQuery("""
            SELECT extract(epoch FROM full_at - now())::float8 - :intervalSeconds * (:atOnce - 1)
              FROM request_limits
             WHERE key = :key
            """)
    Optional<Double> secondsToNext(String key, double intervalSeconds, int atOnce);

    /**
     * Counts a failure, where one may be. From the {@code free}th on, each closes the account for twice as long as the one
     * before, from a second on.
     *
     * @return for how many seconds it is closed now; empty where it was closed already, and nothing is counted
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
                       ELSE now() + make_interval(secs => least(:longestSeconds, 2.0 ^ least(account.failures + 1 - :free, 30)))
                   END,
                   forgotten_at = excluded.forgotten_at
             WHERE account.closed_until <= now()
            RETURNING greatest(0, extract(epoch FROM closed_until - now()))::float8
            """)
    Optional<Double> fail(String key, int free, double longestSeconds, double memorySeconds);

    /**
     * For how many seconds each of these keys is refused; 0 or less where it has something counted and is not. Those of
     * accounts are keys of failures, that of the address is one of a bucket.
     */
    @SqlQuery("""
            SELECT key, extract(epoch FROM closed_until - now())::float8 AS seconds
              FROM failure_limits
             WHERE key = ANY (:accounts) AND forgotten_at > now()
             UNION ALL
            SELECT key, extract(epoch FROM full_at - now())::float8 - :intervalSeconds * (:atOnce - 1)
              FROM request_limits
             WHERE key = :address
            """)
    @KeyColumn("key")
    @ValueColumn("seconds")
    Map<String, Double> secondsByKey(List<String> accounts, String address, double intervalSeconds, int atOnce);

    /** Forgets failures. */
    @SqlUpdate("DELETE FROM failure_limits WHERE key = :key")
    void forget(String key);
}
