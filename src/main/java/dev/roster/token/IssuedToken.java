package dev.roster.token;

/**
 * A new access token.
 *
 * @param compact the compact serialization (RFC 7515, section 7.1)
 * @param expiresIn the time from {@code iat} to {@code exp}, in seconds
 */
public record IssuedToken(String compact, long expiresIn) {
    @Override
    public String toString() {
        return "IssuedToken[********]";
    }
}
