package dev.roster.command.user;

/** The columns of a user that a password change looks at. The one row shape with a password hash besides login's. */
public record Credentials(String name, String email, String passwordHash) {
    @Override
    public String toString() {
        return "Credentials[********]";
    }
}
