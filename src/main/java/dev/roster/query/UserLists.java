package dev.roster.query;

import dev.roster.user.User;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.postgresql.PGStatement;

/** Reads lists of users, a page at a time. Thread-safe. */
public final class UserLists {
    private final Jdbi jdbi;

    public UserLists(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    List<ListedUser> read(ListStatement page) {
        return jdbi.withHandle(handle -> page.bind(handle.createQuery(page.sql()))
                .addCustomizer(new PlannedAnew())
                .map((row, context) -> read(row))
                .list());
    }

    private static ListedUser read(ResultSet row) throws SQLException {
        User user = new User(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("email"),
                row.getString("role"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
        return new ListedUser(user, row.getString("key"));
    }

    /**
     * Has PostgreSQL plan the statement each time for the values that it has. The driver would have it prepared once it
     * has run five times; a plan for any role would then read past everybody else to find those of a rare one.
     */
    private static final class PlannedAnew implements StatementCustomizer {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        }
    }
}
