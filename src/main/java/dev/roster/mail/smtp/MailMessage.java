package dev.roster.mail.smtp;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.Date;

/** A mail as a MIME message (RFC 2046): a plain text, and the same as HTML. */
final class MailMessage extends MimeMessage {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private final String messageId;

    @SuppressWarnings("JavaUtilDate") // MimeMessage takes no other
    MailMessage(Session session, OutgoingMail mail, InternetAddress from) throws MessagingException {
        super(session);
        String address = from.getAddress();
        messageId = "<" + mail.id() + address.substring(address.lastIndexOf('@')) + ">";
        setFrom(from);
        setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to(), false));
        setSubject(mail.text().subject(), UTF_8);
        setSentDate(new Date());
        setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: asks for no automatic replies
        setContent(new MimeMultipart(
                "alternative",
                part(mail.text().text(), "plain"),
                part(mail.text().html(), "html")));
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, UTF_8, subtype);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    /** Sets the same id for each attempt, so that the recipient's program can recognize a second copy. */
    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }
}
