package dev.roster.token;

/**
 * A new access token.
 *
 * @param compact its compact form (RFC 7515, section 7.1)
 * @param expiresIn from {@code iat} to {@code exp}, in seconds
 */
public record IssuedToken(String compact, long expiresIn) {
    @Override
    public String toString() {
        return "IssuedToken[********]";
    }
}
