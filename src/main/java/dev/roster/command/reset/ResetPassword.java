package dev.roster.command.reset;

import dev.roster.password.NewPassword;

/**
 * The command to set a new password: the body of {@code POST /auth/password-reset/confirm}.
 *
 * @param token of the link; any text may be sent
 */
public record ResetPassword(String token, NewPassword password) {
    @Override
    public String toString() {
        return "ResetPassword[********]";
    }
}
