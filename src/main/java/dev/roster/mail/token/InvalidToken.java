package dev.roster.mail.token;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;

/** Refuses a token. The client is not told why it does not work. */
public final class InvalidToken {
    private static final Reason REASON =
            Reason.of(ErrorCode.NOT_ISSUED, "must be a token that still works: not used, replaced or expired");

    private InvalidToken() {}

    public static RefusedException refusal() {
        return RefusedException.invalid("token", REASON);
    }
}
