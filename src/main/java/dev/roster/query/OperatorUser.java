package dev.roster.query;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.roster.query.filter.UserStatus;
import dev.roster.user.DisabledUsers;
import dev.roster.user.JsonObject;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A user as operators see it: also what others are not shown.
 *
 * @param pendingEmail the address that the person wants to have, and has not proven yet; null if there is none
 * @param disabledUntil when the user will be active again without an operator; null if active, or if that needs one
 * @param disabledReason why the user is disabled; null if active, or if the operator gave no reason
 * @param passwordResetRequired whether the password must be set anew before the next login
 * @param lastLoginAt to the minute; null if there was none since the service keeps this time
 * @param version the version, which clients also see as the {@code ETag}
 * @param metadata what operators keep about the user
 */
public record OperatorUser(
        @JsonUnwrapped User user,
        @Nullable String pendingEmail,
        UserStatus status,
        @Nullable Instant disabledUntil,
        @Nullable String disabledReason,
        boolean passwordResetRequired,
        @Nullable Instant lastLoginAt,
        long version,
        JsonObject metadata) {
    /** What {@link #read} reads, as a list to select from {@code users}. */
    public static final String COLUMNS = """
            metadata, disabled_until, disabled_reason,
            password_reset_required_at IS NOT NULL AS password_reset_required,
            (SELECT last_login_at FROM last_logins WHERE user_id = users.id) AS last_login_at,
            """ + DisabledUsers.IS_DISABLED + " AS is_disabled," + StoredUser.COLUMNS;

    /** Reads the current row. */
    public static OperatorUser read(ResultSet row) throws SQLException {
        StoredUser stored = StoredUser.read(row);
        boolean isDisabled = row.getBoolean("is_disabled");
        return new OperatorUser(
                stored.user(),
                stored.pendingEmail(),
                isDisabled ? UserStatus.DISABLED : UserStatus.ACTIVE,
                isDisabled ? time(row, "disabled_until") : null,
                isDisabled ? row.getString("disabled_reason") : null,
                row.getBoolean("password_reset_required"),
                time(row, "last_login_at"),
                stored.version(),
                JsonObject.of(row.getString("metadata")));
    }

    /** The user with its version, for validators and preconditions. */
    @JsonIgnore
    public StoredUser stored() {
        return new StoredUser(user, version, pendingEmail);
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
