package dev.roster.user;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A user as every client sees it: the {@code User} of the API, without the password hash.
 *
 * @param emailVerified whether the address is proven to be the person's
 * @param profile what the person keeps about themselves
 */
public record User(
        UUID id,
        String name,
        String email,
        boolean emailVerified,
        String role,
        JsonObject profile,
        Instant createdAt,
        Instant updatedAt) {
    /** What {@link #read} reads of {@code users}, for SELECT and RETURNING, between spaces. */
    public static final String COLUMNS = " users.id, users.name, users.email, users.role, users.profile,"
            + " users.email_verified_at IS NOT NULL AS email_verified, users.created_at, users.updated_at ";

    /** Reads the current row. */
    public static User read(ResultSet row) throws SQLException {
        return new User(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("email"),
                row.getBoolean("email_verified"),
                row.getString("role"),
                JsonObject.of(row.getString("profile")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    /** The same user with this profile. */
    public User with(JsonObject newProfile) {
        return new User(id, name, email, emailVerified, role, newProfile, createdAt, updatedAt);
    }
}
