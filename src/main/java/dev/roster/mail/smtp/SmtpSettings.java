package dev.roster.mail.smtp;

import dev.roster.key.Secret;

/**
 * How to reach the server that delivers mails.
 *
 * @param tls {@code starttls}, {@code tls} or {@code none}: see the setting {@code MAIL_TLS}
 * @param user empty if the server asks for no account
 * @param from the sender: an address, or a name and an address in angle brackets
 */
public record SmtpSettings(String host, int port, String tls, String user, Secret password, String from) {}
