package dev.roster.command.session;

/**
 * The command to log out.
 *
 * @param token an access token in its compact form, live or not
 */
public record LogOut(String token) {
    @Override
    public String toString() {
        return "LogOut[token=********]";
    }
}
