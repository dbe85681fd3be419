package dev.roster.command.account;

/**
 * SQL that tells, by the database's clock, whether a row of {@code users} stands for somebody who may log in. Each
 * expression has a blank before and after it.
 */
public final class AccountState {
    /** True from the moment at which an operator disables the user until the disabling ends. */
    public static final String IS_DISABLED =
            " (users.disabled_at IS NOT NULL AND (users.disabled_until IS NULL OR users.disabled_until > now())) ";

    /** The name of the {@link dev.roster.refusal.Refusal} of a login with the right password; null if there is none. */
    public static final String CLOSED_FOR = " CASE WHEN " + IS_DISABLED + " THEN 'ACCOUNT_DISABLED'"
            + " WHEN users.password_reset_required_at IS NOT NULL THEN 'PASSWORD_RESET_REQUIRED' END ";

    /** True for a user who may log in and keep sessions. */
    public static final String IS_OPEN = " (" + CLOSED_FOR + ") IS NULL ";

    private AccountState() {}
}
