package dev.roster.limit;

import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code login_networks}: the networks from which people logged in lately. It contains MACs, a different one
 * for each person, so it reveals neither an address nor who shares one.
 */
public interface KnownNetworks {
    /** How many networks of one person are kept. */
    int MAXIMUM = 20;

    /** Whether the user has logged in from this network lately. */
    @SqlQuery("""
            SELECT EXISTS (
                SELECT FROM login_networks
                 WHERE user_id = :userId::uuid
                   AND network = :network
                   AND logged_in_at > now() - interval '90 days')
            """)
    boolean contains(@Nullable UUID userId, String network);

    /** The client addresses from which the user's open sessions were last used. */
    @SqlQuery("""
            SELECT DISTINCT host(ip)
              FROM sessions
             WHERE user_id = :userId::uuid AND ip IS NOT NULL AND expires_at > now()
            """)
    Set<String> addressesOfSessions(@Nullable UUID userId);

    /**
     * Remembers that the user logs in from this network now, and forgets the user's oldest networks beyond {@code
     * others}. Skips rows that another login has locked, so it cannot deadlock with that login.
     */
    @SqlUpdate("""
            WITH remembered AS (
                INSERT INTO login_networks (user_id, network)
                VALUES (:userId, :network)
                ON CONFLICT (user_id, network) DO UPDATE SET logged_in_at = now())
            DELETE FROM login_networks
             WHERE (user_id, network) IN (SELECT user_id, network
                                            FROM login_networks
                                           WHERE user_id = :userId
                                             AND network IN (SELECT network
                                                               FROM login_networks
                                                              WHERE user_id = :userId AND network <> :network
                                                              ORDER BY logged_in_at DESC, network
                                                             OFFSET :others)
                                             FOR UPDATE SKIP LOCKED)
            """)
    void remember(UUID userId, String network, int others);

    /**
     * Deletes networks from which nobody logged in lately.
     *
     * @param limit how many rows to delete at most
     * @return how many rows were deleted
     */
    @SqlUpdate("""
            DELETE FROM login_networks
             WHERE (user_id, network) IN (SELECT user_id, network
                                            FROM login_networks
                                           WHERE logged_in_at < now() - interval '90 days'
                                           ORDER BY logged_in_at
                                           LIMIT :limit
                                             FOR UPDATE SKIP LOCKED)
            """)
    int purge(int limit);
}
