package dev.roster.mail.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.mail.TestMails;
import dev.roster.mail.proof.ReceivedMail.Part;
import dev.roster.mail.template.MailKind;
import dev.roster.support.Poll;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.RosterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The jar sends each kind of mail through a Postfix, and Python's parser reads what was delivered. */
class PostfixProof {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path BUILT_IN = Path.of("src/main/resources/mail");
    private static final Pattern LINK = Pattern.compile("https://example\\.org/account/[a-z-]+#token=([\\w-]{64})");
    private static final String SENDER = "Käse & Brot, 名簿";
    /** The kind whose templates are the operator's. */
    private static final MailKind OWN = MailKind.PASSWORD_CHANGED;

    private static final String OWN_SUBJECT = "Žluťoučký kůň: пароль изменён – パスワード 🐎";
    private static final String OWN_TEXT = "Grüße, Łukasz & 花子!\n.\nA line that is long: " + "ä".repeat(1500) + "\n";

    @TempDir
    private static Path templates;

    private static Postfix postfix;
    private static RosterProcess roster;
    private static TestMails mails;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(templates.resolve(OWN.text() + ".subject.txt"), OWN_SUBJECT);
        Files.writeString(templates.resolve(OWN.text() + ".txt"), OWN_TEXT);
        postfix = new Postfix();
        TestDatabase database = TestDatabase.migrated();
        mails = new TestMails(database.jdbi());
        Map<String, String> variables = new HashMap<>(postfix.certificate().variables());
        variables.putAll(Map.of(
                "MAIL",
                "smtp",
                "MAIL_HOST",
                "localhost",
                "MAIL_PORT",
                Integer.toString(postfix.port()),
                "MAIL_USER",
                Postfix.USER,
                "MAIL_PASSWORD",
                Postfix.PASSWORD,
                "MAIL_FROM",
                "\"" + SENDER + "\" <no-reply@roster.example>",
                "MAIL_LINKS",
                "https://example.org/account",
                "MAIL_TEMPLATES",
                templates.toString()));
        roster = RosterProcess.serve(database.variables(variables));
    }

    @AfterAll
    static void stop() {
        if (roster != null) {
            roster.close();
        }
        if (postfix != null) {
            postfix.close();
        }
    }

    @ParameterizedTest
    @EnumSource(MailKind.class)
    void eachKindArrivesAsItWasWritten(MailKind kind) throws IOException {
        TestUser user = roster.api().newUser();
        String purpose = purpose(kind);
        UUID token = purpose == null ? null : mails.writeToken(purpose, user.id(), user.email());

        UUID id = mails.write(kind.text(), user.id(), user.email(), token);

        ReceivedMail mail = await(user.email());
        assertThat(mail.defects()).isEmpty();
        assertThat(mail.messageIds()).containsExactly("<" + id + "@roster.example>");
        assertThat(mail.autoSubmitted()).containsExactly("auto-generated");
        assertThat(mail.fromName()).isEqualTo(SENDER);
        assertThat(mail.fromAddress()).isEqualTo("no-reply@roster.example");
        assertThat(mail.to()).containsExactly(user.email());
        assertThat(mail.type()).isEqualTo("multipart/alternative");
        assertThat(mail.parts()).extracting(Part::type).containsExactly("text/plain", "text/html");
        assertThat(mail.parts()).extracting(Part::charset).containsOnly("utf-8");
        String subject = subject(kind);
        assertThat(mail.subject()).isEqualTo(subject);
        assertThat(mail.parts().get(1).text()).contains("<title>" + subject + "</title>", "</html>");
        String text = mail.parts().get(0).text();
        if (kind == OWN) {
            assertThat(text).isEqualTo(OWN_TEXT);
        } else {
            assertThat(text).contains(user.email());
        }
        if (kind.templateValues().contains("link")) {
            assertThat(mail.links()).isNotEmpty().containsOnly(link(text).group());
        }
        mails.await(id, "sent");
        assertThat(mails.get(id, "attempts")).isEqualTo("1");
    }

    private static String subject(MailKind kind) throws IOException {
        return switch (kind) {
            case PASSWORD_CHANGED -> OWN_SUBJECT;
            case EMAIL_CHANGE_NOTICE -> "Somebody asked to change your e-mail address"; // the template has both
            default ->
                Files.readString(BUILT_IN.resolve(kind.text() + ".subject.txt")).strip();
        };
    }

    /** What the token in the link of a mail of this kind is for; null if it has no link. */
    private static @Nullable String purpose(MailKind kind) {
        return switch (kind) {
            case VERIFICATION -> "verify";
            case PASSWORD_RESET, INVITATION -> "reset";
            case EMAIL_CHANGE -> "change";
            case EMAIL_CHANGE_NOTICE -> "revert";
            case ADDRESS_TAKEN, PASSWORD_CHANGED -> null;
        };
    }

    @Test
    void linkOfADeliveredMailWorks() {
        Api api = roster.api();
        TestUser user = api.newUser();
        api.post("/auth/password-reset", Map.of("email", user.email())).expect(202);

        String token = link(await(user.email()).parts().get(0).text()).group(1);

        api.post("/auth/password-reset/confirm", Map.of("token", token, "password", "Another-Horse-9"))
                .expect(204);
        api.login(user.email(), "Another-Horse-9").expect(200);
    }

    /** So every line of the mails in the other tests arrived with CR LF. */
    @Test
    void serverRefusesLinesWithoutCr() {
        String answer = Program.run(
                Program.find("python3"),
                "src/test/resources/mail/send_bare_newline.py",
                Integer.toString(postfix.port()),
                postfix.certificate().certificate().toString(),
                Postfix.USER,
                Postfix.PASSWORD);

        assertThat(answer.strip()).isEqualTo("550");
    }

    private static Matcher link(String text) {
        Matcher link = LINK.matcher(text);
        assertThat(link.find()).as(text).isTrue();
        return link;
    }

    /** Waits for the only mail to this address. */
    private static ReceivedMail await(String address) {
        Poll.until("delivered: " + postfix.log(), PATIENCE, () -> !delivered(address)
                .isEmpty());
        List<ReceivedMail> found = delivered(address);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<ReceivedMail> delivered(String address) {
        return ReceivedMail.read(postfix.inbox(), address);
    }
}
