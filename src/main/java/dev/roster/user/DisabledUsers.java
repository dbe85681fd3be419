package dev.roster.user;

/** SQL that tells, by the database's clock, whether a row of {@code users} is disabled. */
public final class DisabledUsers {
    /** True if an operator has disabled the user, and none has enabled the user since. */
    public static final String WAS_DISABLED = "disabled_at IS NOT NULL";

    /** True, for a user who was disabled, until {@code disabled_until}. */
    public static final String IS_STILL_DISABLED = "(disabled_until IS NULL OR disabled_until > now())";

    public static final String IS_DISABLED = "(" + WAS_DISABLED + " AND " + IS_STILL_DISABLED + ")";

    /** True if the user is not disabled. */
    public static final String IS_ACTIVE = "(disabled_at IS NULL OR disabled_until <= now())";

    /** The same, as the expression of the index {@code users_disabled_to}. */
    public static final String IS_ACTIVE_BY_INDEX = "CASE WHEN disabled_at IS NULL THEN '-infinity'::timestamptz"
            + " ELSE coalesce(disabled_until, 'infinity'::timestamptz) END <= now()";

    private DisabledUsers() {}
}
