package dev.roster.command.user;

import org.jspecify.annotations.Nullable;

/**
 * The columns of a user that a password change reads.
 *
 * @param passwordHash null if the user has no password
 */
public record Credentials(
        String name, String email, @Nullable String passwordHash) {
    @Override
    public String toString() {
        return "Credentials[********]";
    }
}
