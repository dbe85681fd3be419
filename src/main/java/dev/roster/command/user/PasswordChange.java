package dev.roster.command.user;

import dev.roster.command.account.PasswordChecks;
import dev.roster.limit.Guess;

/**
 * A new password whose owner has proven to know the current one.
 *
 * @param verifiedHash the hash that the current password was checked against: only that one is replaced
 */
record PasswordChange(String newHash, String verifiedHash, Guess guess, PasswordChecks.Check check) {
    @Override
    public String toString() {
        return "PasswordChange[********]";
    }
}
