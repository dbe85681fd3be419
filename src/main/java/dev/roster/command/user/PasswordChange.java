package dev.roster.command.user;

import dev.roster.command.account.PasswordChecks;
import dev.roster.limit.Guess;

/**
 * A new password, after the current password was verified.
 *
 * @param verifiedHash the hash that the current password was checked against; the change replaces only this hash
 */
record PasswordChange(String newHash, String verifiedHash, Guess guess, PasswordChecks.Check check) {
    @Override
    public String toString() {
        return "PasswordChange[********]";
    }
}
