package dev.roster.mail.smtp;

import dev.roster.key.Secret;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;

/**
 * How to reach the server that delivers mails.
 *
 * @param tls {@code starttls}, {@code tls} or {@code none}: see the setting {@code MAIL_TLS}
 * @param user empty if the server asks for no account
 * @param from the sender: an address, or a name and an address in angle brackets
 */
public record SmtpSettings(String host, int port, String tls, String user, Secret password, String from) {

    /** Whether mails can have this sender (RFC 5322, section 3.4). */
    public static boolean isSender(String text) {
        try {
            return new InternetAddress(text, true).getAddress().contains("@");
        } catch (AddressException e) {
            return false;
        }
    }
}
