package dev.roster.mail.smtp;

import dev.roster.mail.template.MailText;
import java.util.UUID;

/**
 * A mail that is ready to be sent.
 *
 * @param id of its row in the outbox. The Message-ID is made of it, so it is the same mail, however often it is sent
 * @param to the recipient's address
 */
public record OutgoingMail(UUID id, String to, MailText text) {}
