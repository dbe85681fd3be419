package dev.roster.mail.token;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;

/** Refuses a token. The client is not told why it does not work. */
public final class InvalidToken {
    private static final Reason REASON = Reason.of(
            ErrorCode.NOT_ISSUED, "must be the token of the latest mail, which has neither been used nor expired");

    private InvalidToken() {}

    public static RefusedException refusal() {
        return RefusedException.invalid("token", REASON);
    }
}
