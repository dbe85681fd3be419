package dev.roster.command.login;

import dev.roster.http.RequestSource;

/**
 * The command to log out.
 *
 * @param token an access token in its compact form, which may have expired; for {@link LogOutHandler#revoke} also a
 *     refresh token, live or spent
 */
public record LogOut(String token, RequestSource source) {
    @Override
    public String toString() {
        return "LogOut[token=********]";
    }
}
