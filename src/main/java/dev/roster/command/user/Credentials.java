package dev.roster.command.user;

import java.util.UUID;

/** The columns of a user that a password change looks at. The one row shape with a password hash besides login's. */
public record Credentials(UUID id, String name, String email, String passwordHash, long version) {
    @Override
    public String toString() {
        return "Credentials[id=" + id + "]";
    }
}
