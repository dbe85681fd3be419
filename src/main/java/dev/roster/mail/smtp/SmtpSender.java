package dev.roster.mail.smtp;

import dev.roster.delivery.Outcome;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands mails to a server over SMTP (RFC 5321), each on a connection of its own. Thread-safe. */
public final class SmtpSender {
    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpSender.class);

    /** Less than the lease of a row. Servers may examine a mail for minutes before they take it. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final String UTF_8 = StandardCharsets.UTF_8.name();
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    // RFC 5321, section 4.2.1
    private static final int REFUSED = 400;
    private static final int PERMANENT = 500;

    private final SmtpSettings settings;
    private final InternetAddress from;
    private final SSLSocketFactory sockets;
    private final Duration limit;

    public SmtpSender(SmtpSettings settings) {
        this(settings, (SSLSocketFactory) SSLSocketFactory.getDefault(), LIMIT);
    }

    /**
     * @param sockets which servers' certificates are trusted
     * @param limit how long a mail may take
     */
    SmtpSender(SmtpSettings settings, SSLSocketFactory sockets, Duration limit) {
        this.settings = settings;
        this.sockets = sockets;
        this.limit = limit;
        try {
            this.from = new InternetAddress(settings.from(), true);
            from.setPersonal(from.getPersonal(), UTF_8); // encodes it: the library takes a parsed name as encoded
        } catch (AddressException | UnsupportedEncodingException e) {
            throw new IllegalArgumentException("MAIL_FROM is not an address", e);
        }
    }

    private Session session(BoundedSockets bounded) {
        Properties properties = new Properties();
        properties.put("mail.smtp.connectiontimeout", String.valueOf(CONNECT_LIMIT.toMillis()));
        properties.put("mail.smtp.auth", String.valueOf(!settings.user().isEmpty()));
        // With starttls, a server that offers no TLS gets no mail: an attacker in between could have removed the offer.
        properties.put(
                "mail.smtp.starttls.enable", String.valueOf(settings.tls().equals("starttls")));
        properties.put(
                "mail.smtp.starttls.required", String.valueOf(settings.tls().equals("starttls")));
        properties.put("mail.smtp.ssl.enable", String.valueOf(settings.tls().equals("tls")));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.socketFactory", bounded.plain());
        properties.put("mail.smtp.ssl.socketFactory", bounded);
        properties.put("mail.smtp.socketFactory.fallback", "false");
        properties.put("mail.smtp.quitwait", "false");
        return Session.getInstance(properties);
    }

    /**
     * Sends a mail. If the server refuses the recipient for good, the mail has failed. Every other failure is put off,
     * because whoever runs the service or the server can mend it.
     */
    public Outcome send(OutgoingMail mail) {
        try (BoundedSockets bounded = new BoundedSockets(sockets, limit)) {
            Session session = session(bounded);
            SMTPTransport transport = new SMTPTransport(session, null);
            try {
                Outcome outcome = send(mail, session, transport);
                return outcome.failure() != null && bounded.isOver() ? Outcome.putOff("timeout") : outcome;
            } finally {
                close(transport);
            }
        }
    }

    private Outcome send(OutgoingMail mail, Session session, SMTPTransport transport) {
        try {
            connect(transport);
        } catch (MessagingException e) {
            int code = transport.getLastReturnCode();
            return Outcome.putOff(failure(e, code >= REFUSED ? code : null));
        }
        try {
            MailMessage message = new MailMessage(session, mail, from);
            message.saveChanges();
            transport.sendMessage(message, message.getAllRecipients());
            return Outcome.sent();
        } catch (MessagingException e) {
            Integer recipient = recipientCode(e);
            return recipient != null && recipient >= PERMANENT
                    ? Outcome.failed(failure(e, recipient))
                    : Outcome.putOff(failure(e, recipient == null ? code(e) : recipient));
        }
    }

    private void connect(SMTPTransport transport) throws MessagingException {
        boolean hasUser = !settings.user().isEmpty();
        transport.connect(
                settings.host(),
                settings.port(),
                hasUser ? settings.user() : null,
                hasUser ? settings.password().reveal() : null);
        if (hasUser && !transport.supportsExtension("AUTH") && !transport.supportsExtension("AUTH=LOGIN")) {
            // The library goes on without a login, and the server would refuse the recipient for good.
            throw new AuthenticationFailedException("The server offers no login");
        }
    }

    /** Closes the connection. If this fails, the outcome stays: the server has accepted the mail, or has not. */
    private static void close(SMTPTransport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            LOGGER.debug("The connection to the server for mails did not close as it should", e);
        }
    }

    /** The server's answer to the recipient; null if there was none. */
    private static @Nullable Integer recipientCode(MessagingException thrown) {
        for (Exception e = thrown; e instanceof MessagingException m; e = m.getNextException()) {
            if (e instanceof SMTPAddressFailedException recipient && recipient.getReturnCode() > 0) {
                return recipient.getReturnCode();
            }
        }
        return null;
    }

    /** The server's answer to the mail; null if there was none. */
    private static @Nullable Integer code(MessagingException thrown) {
        return thrown instanceof SMTPSendFailedException refused && refused.getReturnCode() > 0
                ? refused.getReturnCode()
                : null;
    }

    /** The class of a failure. It contains nothing of the mail. */
    private static String failure(MessagingException thrown, @Nullable Integer code) {
        if (thrown instanceof AuthenticationFailedException) {
            return "authentication";
        }
        if (code != null) {
            return "smtp-" + code;
        }
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof SocketTimeoutException) {
                return "timeout";
            }
            if (e instanceof SSLException) {
                return "tls";
            }
            if (e instanceof UnknownHostException) {
                return "unknown-host";
            }
            if (e instanceof IOException) {
                return "connection";
            }
        }
        return thrown.getMessage() != null && thrown.getMessage().startsWith("STARTTLS") ? "tls" : "connection";
    }
}
