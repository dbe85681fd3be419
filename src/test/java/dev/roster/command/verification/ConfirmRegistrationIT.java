package dev.roster.command.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.command.reset.ResetRequests;
import dev.roster.mail.SentMails;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code EMAIL_VERIFICATION=required}, a registration is pending until somebody proves the address. */
class ConfirmRegistrationIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("EMAIL_VERIFICATION", "required")
            .with("MAILS_PER_ADDRESS", "10")
            .with("MAILS_PER_CLIENT", "0")
            .with("LOGIN_FAILURES", "3")
            .with("LOGIN_FAILURES_ANYWHERE", "3");

    private final Api api = ROSTER.api();
    private final VerificationRequests verification = new VerificationRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final String email = Api.newEmail();

    private String register() {
        return register(Api.newBody(email));
    }

    private String register(Map<String, ?> body) {
        api.register(body).expect(202);
        return mails.tokenTo(email);
    }

    private Reply confirm(String token) {
        return verification.confirm(token, Api.PASSWORD);
    }

    private void requireRefused(String token) {
        confirm(token).expectInvalid("token");
    }

    private int count(String sql) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery(sql)
                .bind("email", email)
                .mapTo(Integer.class)
                .one());
    }

    private int users() {
        return count("SELECT count(*) FROM users WHERE email_key = lower(:email)");
    }

    private int pending() {
        return count("SELECT count(*) FROM pending_registrations WHERE email_key = lower(:email)");
    }

    @Test
    void userExistsAfterTheConfirmation() {
        Map<String, Object> body = new HashMap<>(Api.newBody(email));
        body.put("role", "admin");
        body.put("profile", Map.of("city", "Bern"));
        Reply pending = api.register(body).expect(202);

        assertThat(pending.body().toString()).isEqualTo("{\"status\":\"pending\"}");
        assertThat(pending.header("Location")).isNull();
        assertThat(users()).isZero();
        api.login(email, Api.PASSWORD).expectProblem(401, "invalid-credentials");
        assertThat(mails.kindsTo(email)).containsExactly("verification");

        Reply created = confirm(mails.tokenTo(email)).expect(201);

        JsonNode user = created.body();
        assertThat(user.path("email").asText()).isEqualTo(email);
        assertThat(user.path("name").asText()).isEqualTo("A Person");
        assertThat(user.path("role").asText()).isEqualTo("admin");
        assertThat(user.at("/profile/city").asText()).isEqualTo("Bern");
        assertThat(created.header("Location")).endsWith(user.path("id").asText());
        assertThat(created.header("Consistency-Token")).isNotNull();
        String token = api.newToken(email);
        Reply read = api.get("/users/" + user.path("id").asText(), token).expect(200);
        assertThat(read.body()).isEqualTo(user);
        assertThat(read.header("ETag")).isEqualTo(created.header("ETag"));
        assertThat(count("SELECT count(*) FROM users WHERE email = :email AND email_verified_at IS NOT NULL"))
                .isEqualTo(1);
    }

    @Test
    void passwordOfTheRegistrationIsNeeded() {
        String token = register();

        Reply missing = verification.confirm(token).expectInvalid("password");
        assertThat(missing.errors()).containsEntry("password", "is required");
        verification.confirm(token, "Wrong-Horse-9").expectProblem(401, "invalid-credentials");

        assertThat(users()).isZero();
        confirm(token).expect(201);
    }

    /** B1: as for logins, with the right password too. */
    @Test
    void wrongPasswordsAreLimited() {
        String token = register();
        for (int i = 0; i < 3; i++) {
            verification.confirm(token, "wrong").expectProblem(401, "invalid-credentials");
        }

        Reply refused = confirm(token).expectProblem(429, "too-many-requests");

        assertThat(refused.header("Retry-After")).isNotNull();
        api.login(email, "wrong").expectProblem(429, "too-many-requests");
        assertThat(users()).isZero();
    }

    @Test
    void rightPasswordForgetsWrongOnes() {
        String token = register();
        verification.confirm(token, "wrong").expect(401);
        verification.confirm(token, "wrong").expect(401);
        confirm(token).expect(201);

        api.login(email, "wrong").expect(401);
        api.login(email, "wrong").expect(401);
        api.login(email, Api.PASSWORD).expect(200);
    }

    @Test
    void takenAddressGetsANoticeOnceADay() {
        confirm(register()).expect(201);

        for (int i = 0; i < 3; i++) {
            Reply reply =
                    api.register(Api.newBody(email.toUpperCase(Locale.ROOT))).expect(202);
            assertThat(reply.body().toString()).isEqualTo("{\"status\":\"pending\"}");
        }

        assertThat(mails.kindsTo(email)).containsExactly("verification", "address_taken");
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE mails SET created_at = now() - interval '25 hours' WHERE address = ?", email));
        api.register(Api.newBody(email)).expect(202);
        assertThat(mails.kindsTo(email)).containsOnlyOnce("verification").hasSize(3);
        api.login(email, Api.PASSWORD).expect(200);
    }

    /** Somebody registered with the address although a user has it, and gets nothing by asking again. */
    @Test
    void takenAddressNeverGetsALinkForARegistration() {
        confirm(register()).expect(201);
        api.register(Api.newBody(email)).expect(202);

        verification.request(email).expect(202);

        assertThat(mails.kindsTo(email)).containsExactly("verification", "address_taken");
    }

    @Test
    void anAddressHasAtMostFivePendingRegistrations() {
        String first = register();
        for (int i = 0; i < 5; i++) {
            register();
        }

        assertThat(pending()).isEqualTo(5);
        requireRefused(first);
        assertThat(mails.tokensTo(email)).hasSize(5); // the token of the first is deleted
    }

    @Test
    void registrationLastsAtMostSevenDays() {
        register();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE pending_registrations SET created_at = now() - interval '7 days' + interval '1 hour'"
                                + " WHERE email = ?",
                        email));
        String sql = "SELECT count(*) FROM pending_registrations"
                + " WHERE email = :email AND expires_at <= created_at + interval '7 days'";
        shorten();

        verification.request(email).expect(202);

        assertThat(count(sql)).isEqualTo(1);
        confirm(mails.tokenTo(email)).expect(201);
    }

    /** Lets the registrations expire soon. */
    private void shorten() {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE pending_registrations SET expires_at = now() + interval '1 minute' WHERE email = ?",
                        email));
    }

    /** Somebody registered with the address of a user, and asks for links so that the registration lasts. */
    @Test
    void registrationWithTheAddressOfAUserIsNotRenewed() {
        confirm(register()).expect(201);
        api.register(Api.newBody(email)).expect(202);
        shorten();

        verification.request(email).expect(202);

        assertThat(count("SELECT count(*) FROM pending_registrations"
                        + " WHERE email = :email AND expires_at < now() + interval '1 hour'"))
                .isEqualTo(1);
    }

    @Test
    void eachRegistrationIsConfirmedWithItsOwnPassword() {
        String first = register();
        Map<String, Object> second = new HashMap<>(Api.newBody(email));
        second.put("name", "Another Person");
        second.put("password", ResetRequests.NEW_PASSWORD);
        String token = register(second);

        verification.confirm(first, ResetRequests.NEW_PASSWORD).expect(401);
        verification.confirm(token, Api.PASSWORD).expect(401);
        Reply created = verification.confirm(token, ResetRequests.NEW_PASSWORD).expect(201);

        assertThat(created.body().path("name").asText()).isEqualTo("Another Person");
        assertThat(pending()).isZero();
        requireRefused(first);
        api.login(email, Api.PASSWORD).expect(401);
        api.login(email, ResetRequests.NEW_PASSWORD).expect(200);
    }

    @Test
    void newLinkIsForTheLatestRegistration() {
        Map<String, Object> later = new HashMap<>(Api.newBody(email));
        later.put("name", "Later");
        String first = register();
        String second = register(later);

        verification.request(email.toUpperCase(Locale.ROOT)).expect(202);

        requireRefused(second);
        String third = mails.tokenTo(email);
        assertThat(third).isNotIn(first, second);
        assertThat(confirm(third).expect(201).body().path("name").asText()).isEqualTo("Later");
    }

    @Test
    void registrationLastsAsLongAsItsLatestLink() {
        register();
        expire("interval '1 minute'");

        verification.request(email).expect(202);

        assertThat(count("SELECT count(*) FROM pending_registrations WHERE email = :email"
                        + " AND expires_at > now() + interval '23 hours'"))
                .isEqualTo(1);
        confirm(mails.tokenTo(email)).expect(201);
    }

    private void expire(String left) {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE pending_registrations SET created_at = now() - interval '1 day', expires_at = now() + "
                                + left + " WHERE email = ?",
                        email));
    }

    @Test
    void expiredRegistrationIsRefusedGetsNoLinkAndIsDeleted() {
        String token = register();
        expire("interval '0'");

        requireRefused(token);
        verification.request(email).expect(202);
        assertThat(mails.kindsTo(email)).hasSize(1);
        new Api(ROSTER.admin()).raw("POST", "/tasks/purge").expect(200);

        assertThat(pending()).isZero();
        assertThat(count("SELECT count(*) FROM mail_tokens WHERE address = :email"))
                .isZero();
    }

    @Test
    void expiredTokenIsRefused() {
        String token = register();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE mail_tokens SET created_at = now() - interval '1 day', expires_at = now()"
                                + " WHERE address = ?",
                        email));

        requireRefused(token);
    }

    @Test
    void addressThatIsTakenMeanwhileIsRefused() {
        String token = register();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO users (id, name, email) VALUES (?, 'Ada', ?)", UUID.randomUUID(), email));

        confirm(token).expectProblem(409, "email-taken");

        assertThat(users()).isEqualTo(1);
    }

    @Test
    void tokenWorksOnce() {
        String token = register();
        confirm(token).expect(201);

        requireRefused(token);
    }

    @Test
    void tokenWithAnyCharacterChangedIsRefused() {
        String token = register();
        for (int i = 0; i < token.length(); i++) {
            String other = token.charAt(i) == 'A' ? "B" : "A";
            requireRefused(token.substring(0, i) + other + token.substring(i + 1));
        }

        confirm(token).expect(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "change", "revert"})
    void tokenOfAnotherPurposeIsRefused(String purpose) {
        String token = register();
        ROSTER.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE mail_tokens SET purpose = ? WHERE address = ?", purpose, email));

        requireRefused(token);
        new ResetRequests(api).confirm(token).expectInvalid("token");
        requireRefused(mails.tokenTo(email));
        new ResetRequests(api).confirm(mails.tokenTo(email)).expectInvalid("token");
    }

    /** B2 */
    @Test
    void ofSimultaneousConfirmationsOneSucceeds() throws Exception {
        String token = register();

        List<Reply> replies = Concurrently.run(16, i -> confirm(token));

        assertThat(replies).extracting(Reply::status).containsOnlyOnce(201).contains(422);
        assertThat(replies.stream().filter(reply -> reply.status() != 201))
                .allSatisfy(reply -> reply.expectInvalid("token"));
        assertThat(users()).isEqualTo(1);
        api.login(email, Api.PASSWORD).expect(200);
    }

    @Test
    void ofSimultaneousConfirmationsOfTwoRegistrationsOneSucceeds() throws Exception {
        List<String> tokens = List.of(register(), register());

        List<Reply> replies = Concurrently.run(16, i -> confirm(tokens.get(i % 2)));

        assertThat(replies).extracting(Reply::status).containsOnlyOnce(201);
        assertThat(replies.stream().filter(reply -> reply.status() != 201))
                .allSatisfy(reply -> reply.expectInvalid("token"));
        assertThat(users()).isEqualTo(1);
        assertThat(pending()).isZero();
    }

    @Test
    void simultaneousRegistrationsOfOneAddressKeepFive() throws Exception {
        List<Reply> replies = Concurrently.run(8, i -> api.register(Api.newBody(email)));

        assertThat(replies).extracting(Reply::status).containsOnly(202);
        assertThat(pending()).isEqualTo(5);
    }

    /** Otherwise anybody could let the service send a text to a stranger. */
    @Test
    void mailsContainNothingThatWasTyped() {
        Map<String, Object> body = new HashMap<>(Api.newBody(email));
        body.put("name", "Cheap-Pills");
        body.put("profile", Map.of("note", "cheap.example.net"));
        String token = register(body);
        confirm(token).expect(201);
        register(body);

        List<String> texts = shownMails();

        assertThat(texts).hasSize(2).noneMatch(text -> text.contains("Pills") || text.contains("cheap.example"));
        assertThat(texts.get(1)).contains("https://app.example.com/verify#token=" + token);
        assertThat(texts.get(0)).contains("You already have an account");
    }

    /** The mails to the address, as the mailbox shows them. */
    private List<String> shownMails() {
        JsonNode all = new Api(ROSTER.admin())
                .send(HttpRequest.newBuilder(ROSTER.admin().resolve("/mailbox")).header("Accept", "application/json"))
                .expect(200)
                .body()
                .path("mails");
        return OpenApi.stream(all)
                .filter(mail -> mail.path("to").asText().equals(email))
                .map(JsonNode::toString)
                .toList();
    }

    /** Nobody knows whose data a registration has, until somebody confirms it. */
    @Test
    void registrationIsPartOfNobodysExportAndItsMailIsErasedWithTheUser() {
        UUID id = UUID.fromString(
                confirm(register()).expect(201).body().path("id").asText());
        register();
        AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ));

        JsonNode export = admin.get("/users/" + id + "/export").expect(200).body();

        assertThat(export.path("mails").findValuesAsText("kind")).containsExactly("verification", "address_taken");
        assertThat(export.path("mail_tokens").findValuesAsText("purpose")).containsExactly("verify");
        assertThat(export.has("pending_registrations")).isFalse();
        api.delete("/users/" + id, api.newToken(email)).expect(204);
        assertThat(count("SELECT count(*) FROM mails WHERE address = :email")).isZero();
        assertThat(count("SELECT count(*) FROM mail_tokens WHERE address = :email"))
                .isZero();
        assertThat(pending()).isEqualTo(1);
    }

    @Test
    void registrationAndConfirmationAreRecorded() {
        UUID id = UUID.fromString(
                confirm(register()).expect(201).body().path("id").asText());
        api.register(Api.newBody(email)).expect(202);

        List<String> events = ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT concat_ws(' ', type, CASE WHEN actor_id = target_id THEN 'by-user' END, details)
                          FROM audit_events
                         WHERE target_id = :id
                         ORDER BY occurred_at, id
                        """)
                .bind("id", id)
                .mapTo(String.class)
                .list());
        assertThat(events).containsExactly("registered by-user", "email_verified by-user", "registration_requested");
    }

    @Test
    void bodyThatIsNotValidIsRefused() {
        api.register(Map.of("name", "A", "email", email, "password", "short")).expectInvalid("password");
        api.register(Map.of("email", "x")).expectInvalid("name", "email", "password");

        assertThat(pending()).isZero();
    }
}
