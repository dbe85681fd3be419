package dev.roster.command.account;

import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/** What a command has to know of who gives it. */
public interface UserLocks {

    /** In the place of a user whom there is not. */
    UUID NOBODY = new UUID(0, 0);

    @SqlQuery("SELECT EXISTS (SELECT FROM users WHERE id = :id)")
    boolean exists(UUID id);

    /**
     * Keeps a user from being deleted until the transaction ends, whether or not there is such a user: to lock a row takes
     * longer than to find none, which would tell who has an account. What is asked after it sees whom it keeps.
     */
    @SqlQuery("SELECT pg_advisory_xact_lock_shared(hashtextextended('user ' || :id::text, 0))::text")
    String keep(UUID id);

    /** Waits for all who keep a user, and makes others wait who want to, until the transaction ends. */
    @SqlQuery("SELECT pg_advisory_xact_lock(hashtextextended('user ' || :id::text, 0))::text")
    String takeAway(UUID id);
}
