package dev.roster.command.session;

import dev.roster.http.RequestSource;

/**
 * The command to log out.
 *
 * @param token an access token in its compact form, live or not
 */
public record LogOut(String token, RequestSource source) {
    @Override
    public String toString() {
        return "LogOut[token=********]";
    }
}
