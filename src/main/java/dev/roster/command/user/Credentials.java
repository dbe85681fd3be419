package dev.roster.command.user;

/** The columns of a user that a password change reads. */
public record Credentials(String name, String email, String passwordHash) {
    @Override
    public String toString() {
        return "Credentials[********]";
    }
}
