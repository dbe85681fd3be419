package dev.roster.mail.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.mail.TestMails;
import dev.roster.support.Poll;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.RosterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar sends mails to a server that fails. Each mail ends as {@code docs/mail.md} says, and delays no other. */
class ScriptedSmtpProof {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static ScriptedSmtp server;
    private static RosterProcess roster;
    private static TestMails mails;
    private static UUID userId;

    @BeforeAll
    static void start() throws IOException {
        server = new ScriptedSmtp(folder);
        TestDatabase database = TestDatabase.migrated();
        mails = new TestMails(database.jdbi());
        Map<String, String> variables = new HashMap<>(server.certificate().variables());
        variables.putAll(Map.of(
                "MAIL", "smtp",
                "MAIL_HOST", "localhost",
                "MAIL_PORT", Integer.toString(server.port()),
                "MAIL_FROM", "no-reply@roster.example",
                "MAIL_LINKS", "https://example.org/account"));
        roster = RosterProcess.serve(database.variables(variables));
        userId = roster.api().newUser().id();
    }

    @AfterAll
    static void stop() {
        if (roster != null) {
            roster.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rcpt-421, due, smtp-421",
        "rcpt-451, due, smtp-451",
        "rcpt-550, failed, smtp-550",
        "rcpt-554, failed, smtp-554",
        "data-421, due, smtp-421",
        "data-451, due, smtp-451",
        "data-550, due, smtp-550",
        "data-554, due, smtp-554",
    })
    void answerOfTheServerDecides(String recipient, String state, String failure) {
        UUID bad = write(recipient);
        UUID good = write("good-beside-" + recipient);

        mails.await(good, "sent");
        awaitFailure(bad, failure);
        assertThat(mails.state(bad)).isEqualTo(state);
        assertThat(mails.get(bad, "attempts = 1 AND lease_until IS NULL")).isEqualTo("true");
        assertThat(mails.get(bad, "next_at > now()")).isEqualTo(Boolean.toString(state.equals("due")));
        assertThat(received(recipient)).isEmpty();
        assertThat(received("good-beside-" + recipient)).singleElement().satisfies(mail -> {
            assertThat(mail.messageIds()).containsExactly("<" + good + "@roster.example>");
            assertThat(mail.bareNewlines()).isZero();
            assertThat(mail.defects()).isEmpty();
        });
    }

    /** The one way in which a mail can arrive twice. */
    @Test
    void mailWhoseAnswerIsLostArrivesAgainWithTheSameMessageId() {
        UUID id = write("drop");
        awaitFailure(id, "connection");
        assertThat(mails.state(id)).isEqualTo("due");

        sendNow(id);

        mails.await(id, "sent");
        assertThat(received("drop")).hasSize(2).allSatisfy(mail -> assertThat(mail.messageIds())
                .containsExactly("<" + id + "@roster.example>"));
    }

    @Test
    void serverThatDoesNotAnswerDelaysNoOtherMail() throws IOException {
        UUID bad = write("hang");
        Poll.until("the server has it", PATIENCE, () -> server.commands().contains("DATA hang"));

        mails.await(write("good-beside-hang"), "sent");

        assertThat(mails.get(bad, "state = 'due' AND failure IS NULL AND lease_until > now()"))
                .isEqualTo("true");
        Files.createFile(server.trigger("release"));
        awaitFailure(bad, "connection");
        assertThat(mails.state(bad)).isEqualTo("due");
    }

    @Test
    void mailWaitsWhileSomebodyRemovesTheOfferOfTls() throws IOException {
        Path strip = Files.createFile(server.trigger("strip"));
        UUID id = write("stripped");
        awaitFailure(id, "tls");
        assertThat(server.commands()).contains("EHLO stripped");
        assertThat(mails.state(id)).isEqualTo("due");

        Files.delete(strip);
        sendNow(id);

        mails.await(id, "sent");
        assertThat(received("stripped")).hasSize(1);
        assertThat(server.commands()).contains("MAIL with TLS").doesNotContain("MAIL in plain text");
    }

    private static UUID write(String recipient) {
        return mails.write("password_changed", userId, recipient + "@example.org", null);
    }

    private static void awaitFailure(UUID id, String failure) {
        Poll.until(failure, PATIENCE, () -> mails.get(id, "failure").equals(failure));
    }

    private static void sendNow(UUID id) {
        mails.change("UPDATE mails SET next_at = now() WHERE id = ?", id);
    }

    private static List<ReceivedMail> received(String recipient) {
        return ReceivedMail.read(server.mails(), recipient + "@example.org");
    }
}
