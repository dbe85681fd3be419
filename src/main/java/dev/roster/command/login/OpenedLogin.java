package dev.roster.command.login;

import dev.roster.command.session.OpenSession;
import dev.roster.command.session.SessionOpening.Outcome;
import dev.roster.refusal.Refusal;
import dev.roster.user.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * The outcome of a login with the right password.
 *
 * @param profile of its user; empty if no session was opened
 */
public record OpenedLogin(Outcome outcome, JsonObject profile) {

    /** Reads the current row. */
    public static OpenedLogin read(ResultSet row) throws SQLException {
        String closedFor = row.getString("closed_for");
        if (closedFor != null) {
            return new OpenedLogin(Outcome.closed(Refusal.valueOf(closedFor)), JsonObject.EMPTY);
        }
        OpenSession session = new OpenSession(
                row.getObject("user_id", UUID.class),
                row.getObject("auth_time", OffsetDateTime.class).toInstant(),
                row.getString("role"),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                row.getLong("expires_in"));
        return new OpenedLogin(Outcome.opened(session), JsonObject.of(row.getString("profile")));
    }
}
