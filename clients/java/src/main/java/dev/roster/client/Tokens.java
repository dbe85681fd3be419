package dev.roster.client;

/** The tokens of a session. They are secret, so {@link #toString} does not show them. */
public record Tokens(String accessToken, String refreshToken) {
    @Override
    public String toString() {
        return "Tokens";
    }
}
