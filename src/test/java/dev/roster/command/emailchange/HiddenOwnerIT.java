package dev.roster.command.emailchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.mail.Alike;
import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.StatementProxy;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With {@code EMAIL_VERIFICATION=required}, a change of the address does not tell who has an account. */
class HiddenOwnerIT {
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
            .with("MAILS_PER_ADDRESS", "10")
            .with("MAILS_PER_CLIENT", "0")
            .set("audit.sealInterval", "1h")
            .set("tokens.revocationFreshness", "3s"); // so that a short pause of the machine adds no statements

    private final Api api = ROSTER.api();
    private final AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_WRITE));
    private final EmailChangeRequests requests = new EmailChangeRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final TestUser owner = newUser();

    private TestUser newUser() {
        String email = Api.newEmail();
        Reply created = admin.post("/users", Api.newBody(email)).expect(201);
        return new TestUser(UUID.fromString(created.body().path("id").asText()), email, api.newToken(email));
    }

    @Test
    void answersAreTheSameForFreeAndTakenAddresses() {
        String spelling = owner.email().toUpperCase(Locale.ROOT);
        String unused = Api.newEmail().toUpperCase(Locale.ROOT);

        Reply taken = requests.change(newUser(), spelling).expect(200);
        Reply free = requests.change(newUser(), unused).expect(200);

        assertThat(taken.body().path("pending_email").asText()).isEqualTo(spelling);
        assertThat(free.body().path("pending_email").asText()).isEqualTo(unused);
        assertThat(taken.body().propertyStream().map(Map.Entry::getKey))
                .containsExactlyElementsOf(
                        free.body().propertyStream().map(Map.Entry::getKey).toList());
        assertThat(Alike.headers(taken).keySet()).isEqualTo(Alike.headers(free).keySet());
        assertThat(taken.header("ETag")).startsWith("\"2-");
        assertThat(free.header("ETag")).startsWith("\"2-");
    }

    @Test
    void statementsAreTheSameForFreeAndTakenAddresses() {
        List<List<String>> free = statements(newUser(), Api.newEmail());

        assertThat(statements(newUser(), owner.email())).isEqualTo(free);
        assertThat(statements(newUser(), owner.email())).isEqualTo(free); // the owner is told already
        assertThat(free.stream().flatMap(List::stream)).anyMatch(sql -> sql.startsWith("INSERT INTO mails"));
    }

    private List<List<String>> statements(TestUser user, String email) {
        return new Alike(PROXY).statements(() -> requests.change(user, email).expect(200));
    }

    @Test
    void ownerIsToldOnceADayAndNobodyGetsALink() {
        TestUser other = newUser();
        requests.change(other, owner.email()).expect(200);
        requests.change(newUser(), owner.email().toUpperCase(Locale.ROOT)).expect(200);

        assertThat(mails.to(owner.id())).containsExactly("address_taken " + owner.email());
        assertThat(mails.tokensTo(owner.email())).isEmpty();
        assertThat(mails.to(other.id())).containsExactly("email_change_notice " + other.email());
        assertThat(api.get("/users/me", owner.token())
                        .expect(200)
                        .body()
                        .path("email")
                        .asText())
                .isEqualTo(owner.email());
    }

    @Test
    void newPendingAddressReplacesOneThatIsTaken() {
        TestUser user = newUser();
        String email = Api.newEmail();
        requests.change(user, owner.email()).expect(200);

        requests.change(user, email).expect(200);
        requests.confirm(mails.tokens("email_change", email).get(0)).expect(200);

        api.login(email, Api.PASSWORD).expect(200);
    }
}
