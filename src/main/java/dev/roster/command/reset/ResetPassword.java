package dev.roster.command.reset;

import dev.roster.password.NewPassword;

/**
 * The command to set a new password: the body of {@code POST /auth/password-reset/confirm}.
 *
 * @param token the token of the link; a client may send any text
 */
public record ResetPassword(String token, NewPassword password) {
    @Override
    public String toString() {
        return "ResetPassword[********]";
    }
}
