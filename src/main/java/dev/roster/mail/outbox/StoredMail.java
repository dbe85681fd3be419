package dev.roster.mail.outbox;

import dev.roster.mail.template.MailKind;
import dev.roster.mail.token.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail in the outbox. Its text is made when it is read: see {@link MailTexts}.
 *
 * @param token the token in its link; null if the kind has none
 */
public record StoredMail(
        UUID id,
        MailKind kind,
        String to,
        String state,
        Instant createdAt,
        @Nullable StoredToken token) {

    /**
     * The row of a token.
     *
     * @param isForPresentAddress whether the user has the address that the token is for
     * @param remaining how long the token is valid after the mail was sent; from now on, if the mail is still due
     */
    public record StoredToken(
            UUID id, Purpose purpose, String address, boolean isForPresentAddress, Duration remaining) {}
}
