package dev.roster.user;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user, and what only some clients see of its row.
 *
 * @param version the number of changes to the row; clients see it as the {@code ETag}
 * @param pendingEmail the address that the person wants to have, and has not proven yet; null if there is none
 */
public record StoredUser(User user, long version, @Nullable String pendingEmail) {
    /** What {@link #read} reads of {@code users}, for SELECT and RETURNING, between spaces. */
    public static final String COLUMNS = " users.version, users.pending_email," + User.COLUMNS;

    /** Reads the current row. */
    public static StoredUser read(ResultSet row) throws SQLException {
        return new StoredUser(User.read(row), row.getLong("version"), row.getString("pending_email"));
    }

    /** Whether another version of the user has the same address, in the same case. */
    public boolean hasAddressOf(StoredUser other) {
        return user.email().equals(other.user.email());
    }

    /** The same user with this profile. */
    public StoredUser with(JsonObject newProfile) {
        return new StoredUser(user.with(newProfile), version, pendingEmail);
    }

    /** The user as the person sees it. */
    public OwnUser own() {
        return new OwnUser(user, pendingEmail);
    }

    /** The user as the caller with this id sees it. */
    public Record shownTo(UUID callerId) {
        return pendingEmail != null && callerId.equals(user.id()) ? own() : user;
    }
}
