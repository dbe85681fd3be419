package dev.roster.command.verification;

import dev.roster.password.Password;
import org.jspecify.annotations.Nullable;

/**
 * The command to prove an address: the body of {@code POST /auth/verification/confirm}.
 *
 * @param token the token of the link; a client may send any text
 * @param password of the pending registration; null or ignored if the token is for a user
 */
public record ConfirmVerification(String token, @Nullable Password password) {
    @Override
    public String toString() {
        return "ConfirmVerification[********]";
    }
}
