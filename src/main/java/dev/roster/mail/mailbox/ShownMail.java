package dev.roster.mail.mailbox;

import dev.roster.mail.outbox.StoredMail;
import dev.roster.mail.template.MailText;
import java.time.Instant;
import java.util.UUID;

/**
 * A mail in the mailbox.
 *
 * @param state {@code due}, {@code sent}, {@code failed} or {@code dropped}
 */
public record ShownMail(
        UUID id, String kind, String to, String subject, String text, String html, String state, Instant createdAt) {

    static ShownMail of(StoredMail mail, MailText text) {
        return new ShownMail(
                mail.id(),
                mail.kind().text(),
                mail.to(),
                text.subject(),
                text.text(),
                text.html(),
                mail.state(),
                mail.createdAt());
    }

    /** Shows no text: it may contain a link that opens an account. */
    @Override
    public String toString() {
        return "ShownMail[" + id + "]";
    }
}
