package dev.roster.command.session;

/**
 * The command to refresh a session: the body of {@code POST /auth/refresh}. Any text is
 * well-formed; whether it is a token is decided later.
 */
public record RefreshSession(String refreshToken) {
    @Override
    public String toString() {
        return "RefreshSession[********]";
    }
}
