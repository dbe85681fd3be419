package dev.roster.command.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.mail.Alike;
import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.StatementProxy;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** If proofs are required, neither a registration nor a request for a link tells who has an account. */
class VerificationAnswersIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final StatementProxy PROXY = StatementProxy.before(DATABASE);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_URL", PROXY.url())
            .with("FEED_DATABASE_URL", DATABASE.url())
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("EMAIL_VERIFICATION", "required")
            .with("MAILS_PER_ADDRESS", "3")
            .with("MAILS_PER_CLIENT", "20")
            .with("TRUSTED_PROXIES", "127.0.0.1")
            .set("audit.sealInterval", "1h")
            .set("tokens.revocationFreshness", "3s"); // so that a short pause of the machine adds no statements

    private final Api api = ROSTER.api();
    private final Alike alike = new Alike(PROXY);
    private final SentMails mails = new SentMails(ROSTER);

    /** Each test comes from a client address of its own, so that it has its own limit. */
    private Reply post(String path, String ip, Map<String, ?> body) {
        return api.send(api.request(path)
                .header("X-Forwarded-For", ip)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(TestTokens.json(body))));
    }

    private Reply register(String email, String ip) {
        return post("/auth/register", ip, Api.newBody(email)).expect(202);
    }

    private Reply request(String email, String ip) {
        return post("/auth/verification", ip, Map.of("email", email)).expect(202);
    }

    /** Past the service, because a registration counts towards the limits of the address. */
    private static String newUser(String verifiedAt) {
        String email = Api.newEmail();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO users (id, name, email, email_verified_at) VALUES (?, 'Ada', ?, " + verifiedAt
                                + ")",
                        UUID.randomUUID(),
                        email));
        return email;
    }

    /** Without a mail, for the same reason. */
    private static String newPending() {
        String email = Api.newEmail();
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                        INSERT INTO pending_registrations (id, name, email, role, profile, password_hash, expires_at)
                        VALUES (?, 'Ada', ?, 'user', '{}', 'x', now() + interval '1 hour')
                        """, UUID.randomUUID(), email));
        return email;
    }

    /** E2 */
    @Test
    void registrationsOfNewAndTakenAddressesHaveTheSameAnswers() {
        Reply free = register(Api.newEmail(), "192.0.2.1");
        String takenEmail = newUser("now()");
        Reply taken = register(takenEmail, "192.0.2.1");
        Reply takenAgain = register(takenEmail, "192.0.2.1");

        assertThat(Alike.headers(taken)).isEqualTo(Alike.headers(free));
        assertThat(Alike.headers(takenAgain)).isEqualTo(Alike.headers(free));
        assertThat(free.text()).isEqualTo(taken.text()).isEqualTo(takenAgain.text());
        assertThat(free.header("Consistency-Token")).isNull(); // it would reveal how much was written
        assertThat(mails.kindsTo(takenEmail)).containsExactly("address_taken");
    }

    /** E2 */
    @Test
    void registrationsOfNewAndTakenAddressesHaveTheSameStatements() {
        register(Api.newEmail(), "192.0.2.2");

        List<List<String>> free = statements(Api.newEmail());
        assertThat(statements(newUser("now()"))).isEqualTo(free);
        assertThat(statements(newUser("NULL"))).isEqualTo(free);
        assertThat(statements(newPending())).isEqualTo(free);
        String told = newUser("now()");
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO mails (id, kind, user_id, address)"
                                + " SELECT gen_random_uuid(), 'address_taken', id, email FROM users WHERE email = ?",
                        told));
        assertThat(statements(told)).isEqualTo(free);
        assertThat(free.stream().flatMap(List::stream))
                .anyMatch(sql -> sql.contains("INSERT INTO pending_registrations"))
                .anyMatch(sql -> sql.startsWith("INSERT INTO mails"));
    }

    private List<List<String>> statements(String email) {
        return alike.statements(() -> register(email, "192.0.2.2"));
    }

    /** E2 */
    @Test
    void requestsForLinksHaveTheSameAnswersAndStatements() {
        request(Api.newEmail(), "192.0.2.3");
        List<Map<String, List<String>>> answers = new ArrayList<>();
        List<List<List<String>>> statements = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        String pending = newPending();
        String unverified = newUser("NULL");
        String verified = newUser("now()");

        for (String email : List.of(Api.newEmail(), pending, unverified, verified)) {
            statements.add(alike.statements(() -> {
                Reply reply = request(email, "192.0.2.3");
                answers.add(Alike.headers(reply));
                texts.add(reply.text());
            }));
        }

        assertThat(answers).hasSize(4).containsOnly(answers.get(0));
        assertThat(texts).containsOnly("");
        assertThat(answers.get(0)).doesNotContainKey("consistency-token");
        assertThat(statements).hasSize(4).containsOnly(statements.get(0));
        assertThat(mails.kindsTo(pending)).containsExactly("verification");
        assertThat(mails.kindsTo(unverified)).containsExactly("verification");
        assertThat(mails.kindsTo(verified)).isEmpty();
    }

    @Test
    void rowsForAnUnknownAddressDoNotHoldIt() {
        String email = Api.newEmail();
        long before = mails.count();

        request(email, "192.0.2.4");

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

    @Test
    void addressBeyondItsLimitGetsNoMailAndTheSameAnswer() {
        String email = Api.newEmail();
        List<Map<String, List<String>>> registered = new ArrayList<>();
        List<Map<String, List<String>>> requested = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            registered.add(Alike.headers(register(email, "192.0.2.5")));
            requested.add(Alike.headers(request(email, "192.0.2.5")));
        }

        assertThat(registered).containsOnly(registered.get(0));
        assertThat(requested).containsOnly(requested.get(0));
        assertThat(mails.kindsTo(email)).hasSize(6); // three for registrations, and three for requests
    }

    @Test
    void clientBeyondItsLimitOfMailsIsRefused() {
        for (int i = 0; i < 20; i++) {
            request(Api.newEmail(), "192.0.2.6");
        }

        Reply refused = post("/auth/verification", "192.0.2.6", Map.of("email", Api.newEmail()))
                .expectProblem(429, "too-many-requests");

        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"mails-per-client\";q=20;w=3600");
    }
}
