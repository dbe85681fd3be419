package dev.roster.user;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A user with the version of its row.
 *
 * @param version the number of changes to the row; clients see it as the {@code ETag}
 */
public record StoredUser(User user, long version) {

    /** Whether another version of the user has the same address, in the same case. */
    public boolean hasAddressOf(StoredUser other) {
        return user.email().equals(other.user.email());
    }

    /** Reads the current row, which must have the columns of {@link User} and {@code version}. */
    public static StoredUser read(ResultSet row) throws SQLException {
        User user = new User(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("email"),
                row.getString("role"),
                JsonObject.of(row.getString("profile")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
        return new StoredUser(user, row.getLong("version"));
    }
}
