package dev.roster.command.caller;

import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/** What a command has to know of who gives it. */
public interface Callers {

    @SqlQuery("SELECT EXISTS (SELECT FROM users WHERE id = :id)")
    boolean exists(UUID id);
}
