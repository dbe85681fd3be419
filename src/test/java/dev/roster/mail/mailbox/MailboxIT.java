package dev.roster.mail.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.mail.TestMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mailbox on the admin port. */
class MailboxIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("MAIL", "mailbox").with("MAIL_LINKS", "https://example.org/account/");

    @RegisterExtension
    static final RosterExtension WITHOUT_MAIL = RosterExtension.shared();

    private final TestMails mails = new TestMails(ROSTER);
    private final Api admin = new Api(ROSTER.admin());
    private final TestUser user = ROSTER.api().newUser();

    @Test
    void programsReadTheLatestMailsAsJson() {
        UUID token = mails.writeToken(user.id(), user.email());
        UUID reset = mails.write("password_reset", user.id(), user.email(), token);
        UUID changed = mails.write("password_changed", user.id(), user.email(), null);
        mails.write("password_reset", null, "nobody@example.org", mails.writeToken(null, "nobody@example.org"));
        mails.await(reset, "sent");
        mails.await(changed, "sent");

        Reply reply = get("/mailbox", "application/json").expect(200);

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        JsonNode found = reply.body().path("mails");
        assertThat(found.get(0).path("id").asText()).isEqualTo(changed.toString());
        JsonNode mail = found.get(1);
        assertThat(mail.fieldNames())
                .toIterable()
                .containsExactly("id", "kind", "to", "subject", "text", "html", "state", "created_at");
        assertThat(mail.path("id").asText()).isEqualTo(reset.toString());
        assertThat(mail.path("kind").asText()).isEqualTo("password_reset");
        assertThat(mail.path("to").asText()).isEqualTo(user.email());
        assertThat(mail.path("subject").asText()).isNotBlank();
        assertThat(mail.path("text").asText())
                .containsPattern("https://example\\.org/account/reset#token=[A-Za-z0-9_-]{64}\\b")
                .contains("30 minutes");
        assertThat(mail.path("html").asText()).contains("https://example.org/account/reset#token");
        assertThat(mail.path("state").asText()).isEqualTo("sent");
        assertThat(Instant.parse(mail.path("created_at").asText())).isBefore(Instant.MAX);
        assertThat(found.findValuesAsText("to")).doesNotContain("nobody@example.org");
        assertThat(get("/mailbox/" + reset, "application/json").expect(200).body())
                .isEqualTo(mail);
    }

    @Test
    void theNewestTwoHundredMailsAreShown() {
        mails.change("DELETE FROM mails");
        mails.change(
                "INSERT INTO mails (id, kind, user_id, address, created_at, state, sent_at)"
                        + " SELECT gen_random_uuid(), 'password_changed', ?, 'a' || n || '@example.org',"
                        + "        now() + n * interval '1 s', 'sent', now() FROM generate_series(1, 201) AS n",
                user.id());

        JsonNode found = get("/mailbox", "application/json").expect(200).body().path("mails");

        assertThat(found).hasSize(200);
        assertThat(found.get(0).path("to").asText()).isEqualTo("a201@example.org");
        assertThat(found.get(199).path("to").asText()).isEqualTo("a2@example.org");
        mails.change("DELETE FROM mails");
    }

    @Test
    void peopleReadThemOnAPageThatLoadsNothingFromElsewhere() {
        for (String accept : new String[] {"text/html", "*/*"}) {
            Reply page = get("/mailbox", accept).expect(200);

            assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
            assertThat(page.header("Content-Security-Policy"))
                    .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
                            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                            + "frame-src 'self'");
            assertThat(page.text()).contains("mailbox/mailbox.js", "mailbox/mailbox.css");
        }
        assertThat(get("/mailbox/mailbox.js", "*/*").expect(200).header("Content-Type"))
                .isEqualTo("text/javascript;charset=utf-8");
        assertThat(get("/mailbox/mailbox.css", "*/*").expect(200).header("Content-Type"))
                .isEqualTo("text/css;charset=utf-8");
        assertThat(get("/mailbox/", "text/html").expect(303).header("Location")).isEqualTo("../mailbox");
    }

    @Test
    void theHtmlOfAMailRunsNothing() {
        UUID id = mails.write("password_changed", user.id(), user.email(), null);

        Reply mail = get("/mailbox/" + id, "text/html").expect(200);

        assertThat(mail.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(mail.header("Cache-Control")).isEqualTo("no-store");
        assertThat(mail.header("Content-Security-Policy"))
                .isEqualTo("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                        + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'");
        assertThat(mail.text())
                .isEqualTo(get("/mailbox/" + id, "application/json")
                        .body()
                        .path("html")
                        .asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json"})
    void anUnknownMailIsNotFound(String accept) {
        for (String id : new String[] {UUID.randomUUID().toString(), "1", "mailbox.html"}) {
            get("/mailbox/" + id, accept).expectProblem(404, "not-found");
        }
    }

    @Test
    void theMailboxIsReadOnly() {
        assertThat(admin.raw("DELETE", "/mailbox").expect(405).header("Allow")).isEqualTo("GET, HEAD");
        admin.raw("HEAD", "/mailbox").expect(200);
    }

    @Test
    void thereIsNoMailboxIfMailsAreOff() {
        Api other = new Api(WITHOUT_MAIL.admin());

        for (String path : new String[] {"/mailbox", "/mailbox/", "/mailbox/mailbox.js", "/mailbox/1"}) {
            other.raw("GET", path).expectProblem(404, "not-found");
        }
    }

    private Reply get(String path, String accept) {
        return admin.send(
                HttpRequest.newBuilder(URI.create(ROSTER.admin() + path)).header("Accept", accept));
    }
}
