package dev.roster.command.account;

import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/** Locks users who may not exist, and asks whether they do. */
public interface UserLocks {
    /** Stands for a user who does not exist. */
    UUID NOBODY = new UUID(0, 0);

    @SqlQuery("SELECT EXISTS (SELECT FROM users WHERE id = :id)")
    boolean exists(UUID id);

    /**
     * Keeps a user from being deleted until the transaction ends. An advisory lock takes equally long whether or not
     * the user exists, while a row lock would tell who has an account. Ask {@link #exists} after it.
     */
    @SqlQuery("SELECT pg_advisory_xact_lock_shared(hashtextextended('user ' || :id::text, 0))::text")
    String lockShared(UUID id);

    /** Waits for all who hold the shared lock, and keeps others from taking it, until the transaction ends. */
    @SqlQuery("SELECT pg_advisory_xact_lock(hashtextextended('user ' || :id::text, 0))::text")
    String lockExclusive(UUID id);
}
