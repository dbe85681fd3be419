package dev.roster.command.session;

import dev.roster.token.IssuedToken;

/**
 * The tokens of a session (RFC 6749, section 5.1).
 *
 * @param expiresIn the access token's lifetime in seconds
 * @param refreshExpiresIn seconds until the session ends, unless it is refreshed
 */
public record TokenPair(
        String accessToken, String tokenType, long expiresIn, String refreshToken, long refreshExpiresIn) {

    static TokenPair of(IssuedToken accessToken, String refreshToken, OpenSession session) {
        return new TokenPair(
                accessToken.compact(), "Bearer", accessToken.expiresIn(), refreshToken, session.expiresIn());
    }

    @Override
    public String toString() {
        return "TokenPair[********]";
    }
}
