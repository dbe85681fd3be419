package dev.roster.command.session;

import dev.roster.user.User;

/**
 * The answer to a login (RFC 6749, section 5.1).
 *
 * @param expiresIn the access token's lifetime in seconds
 */
public record LoggedIn(String accessToken, String tokenType, long expiresIn, User user) {
    @Override
    public String toString() {
        return "LoggedIn[user=" + user.id() + "]";
    }
}
