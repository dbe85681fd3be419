package dev.roster;

import dev.roster.command.account.UserLocks;
import dev.roster.command.session.Rotations;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.user.UserCommands;
import dev.roster.command.user.UserUpdates;
import dev.roster.limit.LimitCommands;
import dev.roster.query.SessionQueries;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.shell.People;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.extension.ExtensionFactory;
import org.jdbi.v3.core.extension.ExtensionMetadata;
import org.jdbi.v3.core.extension.Extensions;
import org.jdbi.v3.sqlobject.SqlObjectFactory;

/** The interfaces that SQL stands in. */
final class SqlObjects {
    static final List<Class<?>> ALL = List.of(
            UserLocks.class,
            LimitCommands.class,
            People.class,
            Rotations.class,
            SessionCommands.class,
            SessionQueries.class,
            TokenBlocklist.class,
            UserCommands.class,
            UserUpdates.class);

    private SqlObjects() {}

    /**
     * Has them read now. What a handle reads it keeps to itself, so that each would read their annotations anew, which takes
     * longer than the database does.
     */
    static void prepare(Jdbi jdbi) {
        Extensions extensions = jdbi.getConfig(Extensions.class);
        ExtensionFactory factory =
                extensions.findFactory(SqlObjectFactory.class).orElseThrow();
        for (Class<?> sqlObject : ALL) {
            ExtensionMetadata unused = extensions.findMetadata(sqlObject, factory);
        }
    }
}
