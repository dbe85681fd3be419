package dev.roster.mail.smtp;

import dev.roster.delivery.Outcome;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Properties;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands mails to a server over SMTP (RFC 5321), each on a connection of its own. Thread-safe.
 *
 * <p>Each answer of the server has a time limit. There are about a dozen answers, so a mail takes less than the lease
 * of its row.
 */
public final class SmtpSender {
    private static final Logger LOGGER = LoggerFactory.getLogger(SmtpSender.class);
    private static final String CONNECT_MILLIS = "5000";
    private static final String ANSWER_MILLIS = "8000";
    // RFC 5321, section 4.2.1
    private static final int REFUSED = 400;
    private static final int PERMANENT = 500;

    private final SmtpSettings settings;
    private final InternetAddress from;
    private final Session session;

    public SmtpSender(SmtpSettings settings) {
        this(settings, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** @param sockets which servers' certificates are trusted */
    SmtpSender(SmtpSettings settings, SSLSocketFactory sockets) {
        this.settings = settings;
        try {
            this.from = new InternetAddress(settings.from(), true);
        } catch (AddressException e) {
            throw new IllegalArgumentException("MAIL_FROM is not an address", e);
        }
        Properties properties = new Properties();
        properties.put("mail.smtp.connectiontimeout", CONNECT_MILLIS);
        properties.put("mail.smtp.timeout", ANSWER_MILLIS);
        properties.put("mail.smtp.writetimeout", ANSWER_MILLIS);
        properties.put("mail.smtp.auth", String.valueOf(!settings.user().isEmpty()));
        // With starttls, a server that offers no TLS gets no mail: an attacker in between could have removed the offer.
        properties.put(
                "mail.smtp.starttls.enable", String.valueOf(settings.tls().equals("starttls")));
        properties.put(
                "mail.smtp.starttls.required", String.valueOf(settings.tls().equals("starttls")));
        properties.put("mail.smtp.ssl.enable", String.valueOf(settings.tls().equals("tls")));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", sockets);
        properties.put("mail.smtp.ssl.socketFactory.fallback", "false");
        properties.put("mail.smtp.quitwait", "false");
        this.session = Session.getInstance(properties);
    }

    /**
     * Sends a mail. An answer of the server that will not change is a failure, anything else is put off. Every answer
     * before the mail is put off too: whoever runs the service can mend the connection and the account.
     */
    public Outcome send(OutgoingMail mail) {
        SMTPTransport transport = new SMTPTransport(session, null);
        try {
            connect(transport);
        } catch (MessagingException e) {
            int code = transport.getLastReturnCode();
            close(transport);
            return Outcome.putOff(failure(e, code >= REFUSED ? code : null));
        }
        try {
            MailMessage message = new MailMessage(session, mail, from);
            message.saveChanges();
            transport.sendMessage(message, message.getAllRecipients());
            return Outcome.sent();
        } catch (MessagingException e) {
            Integer code = code(e);
            return code != null && code >= PERMANENT
                    ? Outcome.failed(failure(e, code))
                    : Outcome.putOff(failure(e, code));
        } finally {
            close(transport);
        }
    }

    private void connect(SMTPTransport transport) throws MessagingException {
        boolean hasUser = !settings.user().isEmpty();
        transport.connect(
                settings.host(),
                settings.port(),
                hasUser ? settings.user() : null,
                hasUser ? settings.password().reveal() : null);
    }

    /** If the server has taken the mail, a failed farewell does not change that. */
    private static void close(SMTPTransport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            LOGGER.debug("The connection to the server for mails did not close as it should", e);
        }
    }

    /** The server's answer; null if there was none. That about the recipient says more than the one about the mail. */
    private static @Nullable Integer code(MessagingException thrown) {
        Integer code = null;
        for (Exception e = thrown; e != null; e = e instanceof MessagingException m ? m.getNextException() : null) {
            if (e instanceof SMTPAddressFailedException recipient && recipient.getReturnCode() > 0) {
                return recipient.getReturnCode();
            }
            if (code == null && e instanceof SMTPSendFailedException refused && refused.getReturnCode() > 0) {
                code = refused.getReturnCode();
            }
        }
        return code;
    }

    /** The class of a failure, without anything of the mail. */
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
