package dev.roster.command.emailchange;

/**
 * The body of {@code POST /auth/email-change/confirm} and {@code …/revert}.
 *
 * @param token the token of the link; a client may send any text
 */
public record EmailChangeToken(String token) {
    @Override
    public String toString() {
        return "EmailChangeToken[********]";
    }
}
