package dev.roster.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.delivery.Outcome;
import dev.roster.key.Secret;
import dev.roster.mail.template.MailText;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The outcome of a mail for each behaviour of the server. */
class SmtpSenderTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final UUID ID = UUID.fromString("01a22d8d-c29b-790e-9a30-250b9ba4389c");
    private static final String SUBJECT = "Šet a new password – käse";
    private static final String LONG_LINE = "ä".repeat(2000);
    private static final OutgoingMail MAIL = new OutgoingMail(
            ID, "juliet@example.org", new MailText(SUBJECT, "Grüße\n.\n" + LONG_LINE + "\n", "<p>Grüße</p>"));

    @TempDir
    static Path folder;

    private static SSLContext localhost;

    private ScriptedServer server;

    @BeforeAll
    static void makeCertificate() {
        localhost = Certificate.of("localhost", folder);
    }

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(localhost, false);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void mailHasBothPartsItsSubjectAndOneMessageId() throws Exception {
        assertThat(send()).isEqualTo(Outcome.sent());

        assertThat(server.mails()).hasSize(1);
        byte[] sent = server.mails().get(0);
        MimeMessage mail =
                new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(unstuffed(sent)));
        assertThat(mail.getSubject()).isEqualTo(SUBJECT);
        assertThat(mail.getHeader("Message-ID")).containsExactly("<" + ID + "@roster.example>");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getHeader("Date")).hasSize(1);
        assertThat(mail.getFrom()[0].toString()).isEqualTo("Roster <no-reply@roster.example>");
        assertThat(mail.getRecipients(Message.RecipientType.TO)[0].toString()).isEqualTo("juliet@example.org");
        MimeMultipart parts = (MimeMultipart) mail.getContent();
        assertThat(mail.isMimeType("multipart/alternative")).isTrue();
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(parts.getBodyPart(0).isMimeType("text/plain")).isTrue();
        assertThat(((String) parts.getBodyPart(0).getContent()).replace("\r\n", "\n"))
                .isEqualTo(MAIL.text().text());
        assertThat(parts.getBodyPart(1).isMimeType("text/html")).isTrue();
        assertThat(parts.getBodyPart(1).getContent()).isEqualTo(MAIL.text().html());
    }

    /** RFC 2047: headers have only ASCII. */
    @ParameterizedTest
    @ValueSource(strings = {"Käse 名簿 <a@roster.example>", "\"Käse & Brot, 名簿\" <a@roster.example>"})
    void nameOfTheSenderMayHaveAnyLetters(String from) throws Exception {
        SmtpSettings settings = new SmtpSettings("localhost", server.port(), "starttls", "", new Secret(""), from);

        assertThat(new SmtpSender(settings, localhost.getSocketFactory(), LIMIT).send(MAIL))
                .isEqualTo(Outcome.sent());

        byte[] sent = server.mails().get(0);
        assertThat(new String(sent, StandardCharsets.ISO_8859_1)).matches("\\p{ASCII}*");
        MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(sent));
        InternetAddress sender = (InternetAddress) mail.getFrom()[0];
        assertThat(sender.getAddress()).isEqualTo("a@roster.example");
        assertThat(sender.getPersonal()).startsWith("Käse").endsWith("名簿");
    }

    /** RFC 5322, section 2.1.1; a bare LF is one of the ways to smuggle a second mail. */
    @Test
    void everyLineEndsWithCrlfAndHasAtMost998Bytes() {
        assertThat(send()).isEqualTo(Outcome.sent());

        String sent = new String(server.mails().get(0), StandardCharsets.ISO_8859_1);
        assertThat(sent.replace("\r\n", "")).doesNotContain("\n", "\r");
        assertThat(sent.split("\r\n")).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(998));
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 421 busy, PUT_OFF, smtp-421",
        "CONNECT, 554 no, PUT_OFF, smtp-554",
        "EHLO, 421 busy, PUT_OFF, tls",
        "STARTTLS, 454 not now, PUT_OFF, smtp-454",
        "MAIL, 421 busy, PUT_OFF, smtp-421",
        "MAIL, 550 no, PUT_OFF, smtp-550",
        "RCPT, 450 later, PUT_OFF, smtp-450",
        "RCPT, 451 later, PUT_OFF, smtp-451",
        "RCPT, 550 nobody, FAILED, smtp-550",
        "DATA, 451 later, PUT_OFF, smtp-451",
        "DATA, 554 no, PUT_OFF, smtp-554",
        "., 451 later, PUT_OFF, smtp-451",
        "., 554 no, PUT_OFF, smtp-554",
        "RCPT, closed, PUT_OFF, connection",
        "., closed, PUT_OFF, connection",
        "CONNECT, closed, PUT_OFF, connection",
    })
    void answerOfTheServerDecides(String command, String answer, Outcome.Result result, String failure) {
        server.answering(command, answer);

        assertThat(send()).isEqualTo(new Outcome(result, failure));
        assertThat(server.mails()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "RCPT", "."})
    void serverThatDoesNotAnswerIsATimeout(String command) {
        server.answering(command, ScriptedServer.SILENCE);

        assertThat(sender(server.port(), "starttls", "", Duration.ofSeconds(3)).send(MAIL))
                .isEqualTo(Outcome.putOff("timeout"));
    }

    /** Each byte comes in time, but the answer never ends. */
    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "RCPT", "."})
    void serverThatDripsIsATimeout(String command) {
        server.answering(command, ScriptedServer.DRIP);

        assertThat(sender(server.port(), "starttls", "", Duration.ofSeconds(3)).send(MAIL))
                .isEqualTo(Outcome.putOff("timeout"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 busy", "500 what", "closed"})
    void mailThatTheServerTookIsSentWhateverFollows(String farewell) {
        server.answering("QUIT", farewell);

        assertThat(send()).isEqualTo(Outcome.sent());
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void serverWithoutStarttlsGetsNoMail() {
        server.offering("SIZE 10000");

        assertThat(send()).isEqualTo(Outcome.putOff("tls"));
        assertThat(server.commands()).doesNotContain("MAIL", "AUTH");
    }

    @Test
    void certificateOfAnotherHostIsRefused() throws IOException {
        SSLContext other = Certificate.of("other.example", folder);
        try (ScriptedServer wrong = new ScriptedServer(other, false)) {
            SmtpSender sender = new SmtpSender(settings(wrong.port(), "starttls", ""), other.getSocketFactory(), LIMIT);

            assertThat(sender.send(MAIL)).isEqualTo(Outcome.putOff("tls"));
            assertThat(wrong.commands()).doesNotContain("MAIL", "AUTH");
        }
    }

    @Test
    void unknownCertificateIsRefused() {
        SmtpSender sender = new SmtpSender(settings(server.port(), "starttls", ""));

        assertThat(sender.send(MAIL)).isEqualTo(Outcome.putOff("tls"));
        assertThat(server.commands()).doesNotContain("MAIL", "AUTH");
    }

    @Test
    void connectionMayBeginWithTls() throws IOException {
        try (ScriptedServer secure = new ScriptedServer(localhost, true)) {
            SmtpSender sender = sender(secure.port(), "tls", "", LIMIT);

            assertThat(sender.send(MAIL)).isEqualTo(Outcome.sent());
            assertThat(secure.mails()).hasSize(1);
        }
    }

    @Test
    void connectionMayStayInPlainText() {
        SmtpSender sender = sender(server.port(), "none", "", LIMIT);

        assertThat(sender.send(MAIL)).isEqualTo(Outcome.sent());
        assertThat(server.commands()).doesNotContain("STARTTLS");
    }

    @Test
    void userLogsInAfterTls() {
        server.offering("STARTTLS", "AUTH PLAIN");

        assertThat(send("roster")).isEqualTo(Outcome.sent());
        assertThat(server.commands()).containsSubsequence("STARTTLS", "AUTH", "MAIL");
    }

    /** The operator can correct the account, so the mail is not given up. */
    @Test
    void refusedLoginIsPutOff() {
        server.offering("STARTTLS", "AUTH PLAIN").answering("AUTH", "535 wrong");

        assertThat(send("roster")).isEqualTo(Outcome.putOff("authentication"));
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void serverThatOffersNoLoginIsPutOff() {
        server.answering("RCPT", "554 relay denied");

        assertThat(send("roster")).isEqualTo(Outcome.putOff("authentication"));
        assertThat(server.commands()).doesNotContain("MAIL");
    }

    @Test
    void serverThatIsDownIsPutOff() {
        server.close();

        assertThat(send()).isEqualTo(Outcome.putOff("connection"));
    }

    private Outcome send() {
        return send("");
    }

    private Outcome send(String user) {
        return sender(server.port(), "starttls", user, LIMIT).send(MAIL);
    }

    private static SmtpSender sender(int port, String tls, String user, Duration limit) {
        return new SmtpSender(settings(port, tls, user), localhost.getSocketFactory(), limit);
    }

    private static SmtpSettings settings(int port, String tls, String user) {
        return new SmtpSettings(
                "localhost", port, tls, user, new Secret("a-password"), "Roster <no-reply@roster.example>");
    }

    /** Without the dots that SMTP adds before those at the beginning of a line (RFC 5321, section 4.5.2). */
    private static byte[] unstuffed(byte[] sent) {
        return new String(sent, StandardCharsets.ISO_8859_1)
                .replace("\r\n..", "\r\n.")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
