package dev.roster.command.refresh;

/**
 * The command to refresh a session: the body of {@code POST /auth/refresh}. The token may be
 * any text: the handler checks it.
 */
public record RefreshSession(String refreshToken) {
    @Override
    public String toString() {
        return "RefreshSession[********]";
    }
}
