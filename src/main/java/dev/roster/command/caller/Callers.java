package dev.roster.command.caller;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jspecify.annotations.Nullable;

/** What a command has to know of who gives it. */
public interface Callers {

    @SqlQuery("SELECT EXISTS (SELECT FROM users WHERE id = :id)")
    boolean exists(UUID id);

    /**
     * Keeps a user from being deleted until the transaction ends.
     *
     * @return the id; empty where there is no such user
     */
    @SqlQuery("SELECT id FROM users WHERE id = :id::uuid FOR KEY SHARE")
    Optional<UUID> keep(@Nullable UUID id);
}
