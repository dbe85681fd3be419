package dev.roster.command.account;

import dev.roster.user.DisabledUsers;

/**
 * SQL that tells, by the database's clock, whether a row of {@code users} stands for somebody who may log in. Each
 * expression has a blank before and after it.
 */
public final class AccountState {
    /** The name of the {@link dev.roster.refusal.Refusal} of a login with the right password; null if there is none. */
    public static final String CLOSED_FOR = " CASE WHEN " + DisabledUsers.IS_DISABLED + " THEN 'ACCOUNT_DISABLED'"
            + " WHEN users.password_reset_required_at IS NOT NULL THEN 'PASSWORD_RESET_REQUIRED' END ";

    /** True for a user who may log in and keep sessions. */
    public static final String IS_OPEN = " (" + CLOSED_FOR + ") IS NULL ";

    private AccountState() {}
}
