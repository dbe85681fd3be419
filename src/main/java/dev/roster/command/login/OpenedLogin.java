package dev.roster.command.login;

import dev.roster.command.session.OpenSession;
import dev.roster.user.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/** A session that a login has opened, and the profile of its user. */
record OpenedLogin(OpenSession session, JsonObject profile) {

    /** Reads the current row. */
    static OpenedLogin read(ResultSet row) throws SQLException {
        OpenSession session = new OpenSession(
                row.getObject("user_id", UUID.class),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                row.getLong("expires_in"));
        return new OpenedLogin(session, JsonObject.of(row.getString("profile")));
    }
}
