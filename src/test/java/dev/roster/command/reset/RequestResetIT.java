package dev.roster.command.reset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.mail.Alike;
import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.StatementProxy;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody learns from the answer to a request for a link whether a user has the address. */
class RequestResetIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final StatementProxy PROXY = StatementProxy.before(DATABASE);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_URL", PROXY.url())
            .with("FEED_DATABASE_URL", DATABASE.url())
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("MAILS_PER_ADDRESS", "3")
            .with("TRUSTED_PROXIES", "127.0.0.1")
            .with("MAILS_PER_CLIENT", "20")
            .set("audit.sealInterval", "1h")
            .set("tokens.revocationFreshness", "3s"); // so that a short pause of the machine adds no statements

    private final Api api = ROSTER.api();
    private final Alike alike = new Alike(PROXY);
    private final SentMails mails = new SentMails(ROSTER);
    private final TestUser user = api.newUser();

    /** Each test comes from a client address of its own, so that it has its own limit. */
    private Reply request(String email, String ip) {
        return api.send(api.request("/auth/password-reset")
                .header("X-Forwarded-For", ip)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"email\": \"" + email + "\"}")));
    }

    @Test
    void answersAreTheSameForKnownAndUnknownAddresses() {
        Reply known = request(user.email(), "192.0.2.1").expect(202);
        Reply unknown = request(Api.newEmail(), "192.0.2.1").expect(202);

        assertThat(Alike.headers(unknown)).isEqualTo(Alike.headers(known));
        assertThat(known.text()).isEmpty();
        assertThat(known.header("Consistency-Token")).isNull(); // it would reveal how much was written
        assertThat(mails.to(user.id())).containsExactly("password_reset " + user.email());
    }

    @Test
    void statementsAreTheSameForKnownAndUnknownAddresses() {
        request(Api.newEmail(), "192.0.2.2").expect(202);

        List<List<String>> known = statements(user.email());
        assertThat(statements(Api.newEmail())).isEqualTo(known);
        assertThat(statements(user.email().toUpperCase(Locale.ROOT))).isEqualTo(known);
        assertThat(known.stream().flatMap(List::stream)).anyMatch(sql -> sql.startsWith("INSERT INTO mails"));
    }

    private List<List<String>> statements(String email) {
        return alike.statements(() -> request(email, "192.0.2.2").expect(202));
    }

    @Test
    void rowsForAnUnknownAddressDoNotHoldIt() {
        String email = Api.newEmail();
        long before = mails.count();

        request(email, "192.0.2.3").expect(202);

        assertThat(mails.count()).isEqualTo(before + 1);
        List<String> rows = ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT to_jsonb(mails)::text FROM mails
                         UNION ALL
                        SELECT to_jsonb(mail_tokens)::text FROM mail_tokens
                        """).mapTo(String.class).list());
        assertThat(rows).isNotEmpty().noneMatch(row -> row.contains(email));
    }

    /** Otherwise a stranger could keep the owner from a reset, with requests that send nothing. */
    @Test
    void requestsForOtherMailsDoNotCount() {
        for (int i = 0; i < 4; i++) {
            api.post("/auth/verification", Map.of("email", user.email())).expect(202);
        }

        request(user.email(), "192.0.2.60").expect(202);

        assertThat(mails.tokens("password_reset", user.email())).hasSize(1);
    }

    @Test
    void addressBeyondItsLimitGetsNoMailAndTheSameAnswer() {
        String unknown = Api.newEmail();
        List<Map<String, List<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(Alike.headers(request(user.email(), "192.0.2.4").expect(202)));
            answers.add(Alike.headers(
                    request(unknown.toUpperCase(Locale.ROOT), "192.0.2.5").expect(202)));
        }

        assertThat(answers).containsOnly(answers.get(0));
        assertThat(mails.to(user.id())).hasSize(3);
        assertThat(limitHits()).containsOnly("mails-per-address").hasSize(2);
    }

    @Test
    void clientBeyondItsLimitIsRefused() {
        for (int i = 0; i < 20; i++) {
            request(Api.newEmail(), "192.0.2.6").expect(202);
        }

        Reply refused = request(user.email(), "192.0.2.6").expectProblem(429, "too-many-requests");

        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"mails-per-client\";q=20;w=3600");
        assertThat(Integer.parseInt(String.valueOf(refused.header("Retry-After"))))
                .isBetween(1, 180);
        assertThat(mails.to(user.id())).isEmpty();
        request(user.email(), "192.0.2.7").expect(202);
        assertThat(mails.to(user.id())).hasSize(1);
    }

    private List<String> limitHits() {
        return ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT details
                          FROM audit_events
                         WHERE type = 'limit_hit' AND target_id IS NULL
                           AND ip <<= '192.0.2.4/31'
                        """).mapTo(String.class).list());
    }
}
