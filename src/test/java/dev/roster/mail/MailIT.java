package dev.roster.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mails in the outbox of a running service: who gets one, and how long its row stays. */
class MailIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("MAIL", "mailbox").with("MAIL_LINKS", "https://example.org/account/");

    private final TestMails mails = new TestMails(ROSTER);
    private final Api admin = new Api(ROSTER.admin());
    private final TestUser user = ROSTER.api().newUser();

    @Test
    void aMailToAUserIsSent() {
        UUID id = mails.write("password_changed", user.id(), user.email(), null);

        mails.await(id, "sent");

        assertThat(mails.get(id, "attempts = 1 AND sent_at >= created_at AND failure IS NULL"))
                .isEqualTo("true");
        Poll.until(
                "counted",
                PATIENCE,
                () -> ROSTER.count("roster_mails_total", "kind", "password_changed", "outcome", "sent") >= 1);
    }

    @Test
    void aMailToAnUnknownAddressIsDropped() {
        UUID token = mails.writeToken(null, "nobody@example.org");
        UUID id = mails.write("password_reset", null, "nobody@example.org", token);

        mails.await(id, "dropped");

        assertThat(mails.get(id, "sent_at")).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE mail_tokens SET used_at = now() WHERE id = ?",
                "UPDATE mail_tokens SET created_at = now() - interval '1 h', expires_at = now() WHERE id = ?",
                "DELETE FROM mail_tokens WHERE id = ?",
            })
    void aMailWhoseLinkDoesNotWorkIsDropped(String change) {
        UUID token = mails.writeToken(user.id(), user.email());
        mails.change(change, token);

        UUID id = mails.write("password_reset", user.id(), user.email(), token);

        mails.await(id, "dropped");
    }

    @Test
    void mailsAreDeletedWithTheirUser() {
        UUID token = mails.writeToken(user.id(), user.email());
        UUID id = mails.write("password_reset", user.id(), user.email(), token);

        ROSTER.api().delete(user.path(), user.token()).expect(204);

        assertThat(mails.state(id)).isEqualTo("deleted");
    }

    /** During an update, a node of a newer version knows the kind. */
    @Test
    void aMailOfAnUnknownKindWaits() {
        UUID id = mails.write("birthday", user.id(), user.email(), null);

        Poll.until("it was tried", PATIENCE, () -> mails.get(id, "failure").endsWith("IllegalArgumentException"));

        assertThat(mails.get(id, "state = 'due' AND next_at > now()")).isEqualTo("true");
        mails.change("UPDATE mails SET created_at = now() - interval '10 minutes' WHERE id = ?", id);
        Poll.until("it is told", PATIENCE, () -> !message().isEmpty());
        assertThat(message())
                .matches("the oldest of [1-9][0-9]* mails has been waiting for 10 minutes;"
                        + " last failure: java.lang.IllegalArgumentException");
        assertThat(ROSTER.count("roster_mails_due")).isPositive();

        mails.change("DELETE FROM mails WHERE id = ?", id);
        Poll.until("it is told", PATIENCE, () -> message().isEmpty());
    }

    private String message() {
        Reply reply = admin.raw("GET", "/healthcheck").expect(200);
        assertThat(reply.body().path("mail").path("healthy").asBoolean()).isTrue();
        return reply.body().path("mail").path("message").asText("");
    }

    @Test
    void addressesAreForgottenAfterADayAndMailsDeletedAfterAWeek() {
        UUID recent = ended("sent", "23 hours");
        UUID old = ended("sent", "25 hours");
        UUID oldAndFailed = ended("failed", "25 hours");
        UUID veryOld = ended("dropped", "169 hours");
        UUID waiting = mails.write("password_changed", user.id(), user.email(), null);
        mails.change(
                "UPDATE mails SET state = 'due', created_at = now() - interval '8 days',"
                        + " next_at = now() + interval '1 hour' WHERE id = ?",
                waiting);

        admin.raw("POST", "/tasks/purge").expect(200);

        assertThat(mails.get(recent, "address")).isEqualTo(user.email());
        assertThat(mails.get(old, "address")).isEqualTo("null");
        assertThat(mails.get(oldAndFailed, "address")).isEqualTo("null");
        assertThat(mails.state(old)).isEqualTo("sent");
        assertThat(mails.state(veryOld)).isEqualTo("deleted");
        assertThat(mails.get(waiting, "address")).isEqualTo(user.email());
        mails.change("DELETE FROM mails WHERE id = ?", waiting); // the health check would tell of it
    }

    private UUID ended(String state, String ago) {
        UUID id = UUID.randomUUID();
        mails.change(
                "INSERT INTO mails (id, kind, user_id, address, state, next_at, sent_at)"
                        + " SELECT ?, 'password_changed', ?, ?, ?, at, CASE WHEN ? = 'sent' THEN at END"
                        + " FROM (SELECT now() - ?::interval) AS ended (at)",
                id,
                user.id(),
                user.email(),
                state,
                state,
                ago);
        return id;
    }
}
