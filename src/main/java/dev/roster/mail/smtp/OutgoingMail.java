package dev.roster.mail.smtp;

import dev.roster.mail.template.MailText;
import java.util.UUID;

/**
 * A mail that is ready to be sent.
 *
 * @param id the id of its row in the outbox. The Message-ID contains it, so it is the same for each attempt
 * @param to the recipient's address
 */
public record OutgoingMail(UUID id, String to, MailText text) {}
