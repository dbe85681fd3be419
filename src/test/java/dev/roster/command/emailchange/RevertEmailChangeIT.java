package dev.roster.command.emailchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.command.reset.ResetRequests;
import dev.roster.mail.SentMails;
import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With {@code EMAIL_VERIFICATION=off}, an address changes at once, and the owner of the earlier one takes it back. */
class RevertEmailChangeIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("EMAIL_VERIFICATION", "off")
            .with("MAILS_PER_ADDRESS", "3")
            .with("MAILS_PER_CLIENT", "0")
            .with("CHANGES", "0");

    private final Api api = ROSTER.api();
    private final AdminApi admin =
            new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ, Scope.USERS_WRITE));
    private final EmailChangeRequests requests = new EmailChangeRequests(api);
    private final ResetRequests reset = new ResetRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final TestUser user = api.newUser();
    private final String thief = Api.newEmail();

    private String newToken() {
        requests.changeWithoutPassword(user, thief).expect(200);
        return revertToken(user.email());
    }

    private String revertToken(String address) {
        return mails.tokens("email_change_notice", address).get(0);
    }

    private void requireRefused(String token) {
        requests.revert(token).expectInvalid("token");
    }

    private String email() {
        return value("email");
    }

    private String value(String column) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT " + column + " FROM users WHERE id = ?")
                .bind(0, user.id())
                .mapTo(String.class)
                .one());
    }

    private void setPassword(String token, String address) {
        reset.confirm(token, ResetRequests.NEW_PASSWORD).expect(204);
        api.login(address, ResetRequests.NEW_PASSWORD).expect(200);
    }

    private String resetToken(String address) {
        return mails.tokens("password_reset", address).get(0);
    }

    @Test
    void addressIsBackAllSessionsAreOverAndALinkSetsANewPassword() {
        TestSession session = api.newSession(user);
        String token = newToken();
        assertThat(email()).isEqualTo(thief);

        Reply reply = requests.revert(token).expect(204);

        assertThat(reply.text()).isEmpty();
        assertThat(email()).isEqualTo(user.email());
        assertThat(value("email_verified_at")).isNotNull();
        for (String path : List.of("/users/me", user.path(), "/users", user.sessionsPath())) {
            api.get(path, user.token()).expectInvalidToken();
            api.get(path, session.accessToken()).expectInvalidToken();
        }
        requests.changeWithoutPassword(user, thief).expectInvalidToken();
        api.delete("/users/me", user.token()).expectInvalidToken();
        api.refresh(session.refreshToken()).expectInvalidToken();
        api.login(thief, Api.PASSWORD).expect(401);
        // Whoever changed the address may know the password.
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");
        setPassword(resetToken(user.email()), user.email());
        assertThat(mails.kindsTo(user.email()))
                .containsExactly("email_change_notice", "password_reset", "password_changed");
        assertThat(events()).contains("email_change_reverted by-user", "session_ended by-user email_change_reverted");
    }

    private List<String> events() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT concat_ws(' ', type, CASE WHEN actor_id = target_id THEN 'by-user' END, details)
                          FROM audit_events
                         WHERE target_id = :id
                        """)
                .bind("id", user.id())
                .mapTo(String.class)
                .list());
    }

    /** A thief with an access token changes the address, resets the password by mail, and has the whole account. */
    @Test
    void ownerGetsTheAccountBackAndThePasswordOfTheThiefOpensNothing() {
        String token = newToken();
        reset.request(thief).expect(202);
        reset.confirm(resetToken(thief), "Password-Of-Thief-1").expect(204);
        String session = api.login(thief, "Password-Of-Thief-1")
                .expect(200)
                .body()
                .path("access_token")
                .asText();

        requests.revert(token).expect(204);

        api.get("/users/me", session).expectInvalidToken();
        api.login(thief, "Password-Of-Thief-1").expect(401);
        api.login(user.email(), "Password-Of-Thief-1").expectProblem(403, "password-reset-required");
        setPassword(resetToken(user.email()), user.email());
        api.login(user.email(), "Password-Of-Thief-1").expect(401);
    }

    @Test
    void thiefWhoChangesTheAddressAndThePasswordAtOnceLosesBoth() {
        api.put(
                        "/users/me",
                        user.token(),
                        Map.of("email", thief, "password", "Password-Of-Thief-1", "current_password", Api.PASSWORD))
                .expect(200);

        requests.revert(revertToken(user.email())).expect(204);

        api.login(user.email(), "Password-Of-Thief-1").expectProblem(403, "password-reset-required");
    }

    /** The thief's own links end: the notices to the addresses between. */
    @Test
    void thiefWhoChangesTheAddressAgainAndAgainCannotTakeItBack() {
        String token = newToken();
        for (int i = 0; i < 3; i++) {
            requests.changeWithoutPassword(user, i + thief).expect(200);
        }
        List<String> links = List.of(revertToken(thief), revertToken("0" + thief), revertToken("1" + thief));

        requests.revert(token).expect(204);

        links.forEach(this::requireRefused);
        assertThat(email()).isEqualTo(user.email());
        assertThat(mails.kindsTo(user.email())).startsWith("email_change_notice");
    }

    /** A change back to the owner's address ends the thief's link, and does not bring another. */
    @Test
    void thiefWhoReturnsToTheAddressOfTheOwnerCannotTakeItBack() {
        String first = newToken();
        requests.changeWithoutPassword(user, 0 + thief).expect(200);
        String link = revertToken(thief);

        requests.changeWithoutPassword(user, user.email().toUpperCase(Locale.ROOT))
                .expect(200);

        requireRefused(link);
        assertThat(mails.kindsTo(0 + thief)).containsExactly("email_change_notice");
        assertThat(mails.tokens("email_change_notice", 0 + thief)).isEmpty();
        reset.request(user.email()).expect(202);
        reset.confirm(resetToken(user.email().toUpperCase(Locale.ROOT))).expect(204);
        requireRefused(link);
        requests.revert(first).expect(204);
    }

    /** The latest link of the owner ends all that the thief got since the first change. */
    @Test
    void latestOfSeveralLinksEndsThoseOfTheThiefInBetween() {
        List<String> changes = List.of(thief, user.email(), thief, 0 + thief, user.email(), thief);
        changes.forEach(address -> requests.changeWithoutPassword(user, address).expect(200));

        requests.revert(revertToken(user.email())).expect(204);

        for (String address : List.of(thief, 0 + thief)) {
            mails.tokens("email_change_notice", address).forEach(this::requireRefused);
        }
        assertThat(email()).isEqualTo(user.email());
    }

    /** A link whose change was made later is later, also if its request came first and had to wait. */
    @Test
    void tokenIsAsOldAsItsChange() {
        OffsetDateTime[] free = new OffsetDateTime[1];

        whileWaiting(
                        () -> requests.changeWithoutPassword(user, thief),
                        handle -> free[0] = handle.createQuery("SELECT clock_timestamp()")
                                .mapTo(OffsetDateTime.class)
                                .one())
                .expect(200);

        OffsetDateTime made = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT created_at FROM mail_tokens WHERE user_id = ?")
                        .bind(0, user.id())
                        .mapTo(OffsetDateTime.class)
                        .one());
        assertThat(made).isAfter(free[0]);
    }

    /** The owner takes the account back with a reset, say, while a thief changes the address. */
    @Test
    void changeThatWaitedUntilItsSessionEndedIsRefused() {
        whileWaiting(
                        () -> requests.changeWithoutPassword(user, thief),
                        handle -> handle.execute("DELETE FROM sessions WHERE user_id = ?", user.id()))
                .expectInvalidToken();

        assertThat(email()).isEqualTo(user.email());
        assertThat(mails.kindsTo(user.email())).isEmpty();
    }

    /** Sends a request that waits for the user's row, and lets it go on once the work has committed. */
    private Reply whileWaiting(Supplier<Reply> request, Consumer<Handle> work) {
        CompletableFuture<Reply> reply = ROSTER.jdbi().inTransaction(handle -> {
            handle.execute("SELECT FROM users WHERE id = ? FOR UPDATE", user.id());
            CompletableFuture<Reply> sent = CompletableFuture.supplyAsync(request);
            Poll.until("the request waits", Duration.ofSeconds(20), this::isSomebodyWaiting);
            work.accept(handle);
            return sent;
        });
        return reply.join();
    }

    private boolean isSomebodyWaiting() {
        return ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT EXISTS (SELECT
                                         FROM pg_stat_activity
                                        WHERE datname = current_database() AND wait_event_type = 'Lock')
                        """).mapTo(Boolean.class).one());
    }

    /** Registers with the address of a stranger, to have a way into the account that the stranger takes over. */
    @Test
    void passwordOfWhoeverRegisteredOpensNothingAfterTheRevertOfAVictim() {
        requests.revert(newToken()).expect(204);
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");

        setPassword(resetToken(user.email()), user.email());

        api.login(user.email(), Api.PASSWORD).expect(401);
        api.login(thief, Api.PASSWORD).expect(401);
        api.get("/users/me", user.token()).expectInvalidToken();
    }

    /** Other notices use up the limit, before the theft or by the thief. The owner has a link all the same. */
    @Test
    void limitOfNoticesDoesNotKeepTheOwnerFromALink() {
        for (int i = 0; i < 5; i++) {
            admin.put(user.path(), Map.of("password", Api.PASSWORD + i), "*").expect(200);
        }
        for (int i = 0; i < 4; i++) { // also notices, to the same mailbox
            String spelling = i % 2 == 0 ? user.email().toUpperCase(Locale.ROOT) : user.email();
            requests.changeWithoutPassword(loggedIn(Api.PASSWORD + 4), spelling).expect(200);
        }
        requests.changeWithoutPassword(loggedIn(Api.PASSWORD + 4), thief).expect(200);

        List<String> links = mails.tokens("email_change_notice", user.email());
        assertThat(links).hasSize(2);
        requests.revert(links.get(0)).expect(204);
        assertThat(email()).isEqualTo(user.email());

        // After a second theft, an earlier link still works.
        setPassword(resetToken(user.email()), user.email());
        requests.changeWithoutPassword(loggedIn(ResetRequests.NEW_PASSWORD), thief)
                .expect(200);
        requests.revert(links.get(1)).expect(204);
        assertThat(email()).isEqualTo(user.email());
    }

    private TestUser loggedIn(String password) {
        Reply reply = api.login(user.email(), password).expect(200);
        return new TestUser(
                user.id(), user.email(), reply.body().path("access_token").asText());
    }

    @Test
    void neitherNewPasswordNorResetNorAnotherChangeEndsTheLink() {
        String token = newToken();
        api.put("/users/me", user.token(), Map.of("password", "Password-Of-Thief-1", "current_password", Api.PASSWORD))
                .expect(200);
        reset.request(thief).expect(202);
        reset.confirm(resetToken(thief), "Password-Of-Thief-2").expect(204);
        admin.post(user.path() + "/disable", Map.of()).expect(200);
        admin.post(user.path() + "/enable", Map.of()).expect(200);

        requests.revert(token).expect(204);

        assertThat(email()).isEqualTo(user.email());
    }

    /** The operator's decision is final: the mailbox of before may be why. */
    @Test
    void changeOfAnOperatorHasNoLinkAndEndsEarlierOnes() {
        String token = newToken();
        String chosen = Api.newEmail();

        admin.put(user.path(), Map.of("email", chosen), "*").expect(200);

        assertThat(mails.kindsTo(thief)).containsExactly("email_change_notice");
        assertThat(mails.tokens("email_change_notice", thief)).isEmpty();
        requireRefused(token);
        assertThat(email()).isEqualTo(chosen);
    }

    @Test
    void addressThatARevertReplacesGetsANoticeWithoutALink() {
        requests.revert(newToken()).expect(204);

        assertThat(mails.kindsTo(thief)).containsExactly("email_change_notice");
        assertThat(mails.tokens("email_change_notice", thief)).isEmpty();
    }

    @Test
    void tokenWorksOnce() {
        String token = newToken();
        requests.revert(token).expect(204);

        requireRefused(token);
    }

    @Test
    void expiredTokenIsRefused() {
        String token = newToken();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE mail_tokens SET created_at = now() - interval '8 days', expires_at = now()"
                                + " WHERE user_id = ?",
                        user.id()));

        requireRefused(token);
        assertThat(email()).isEqualTo(thief);
    }

    @Test
    void linkWorksForSevenDays() {
        String token = newToken();

        String lifetime = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT (expires_at - created_at)::text FROM mail_tokens WHERE user_id = ?")
                .bind(0, user.id())
                .mapTo(String.class)
                .one());

        assertThat(lifetime).isEqualTo("7 days");
        requests.revert(token).expect(204);
    }

    @Test
    void tokenOfAnotherUserAndTokensWithOneCharacterChangedAreRefused() {
        TestUser other = api.newUser();
        requests.changeWithoutPassword(other, Api.newEmail()).expect(200);
        String token = newToken();

        requireRefused(token.substring(0, 22) + revertToken(other.email()).substring(22));
        for (int i = 0; i < token.length(); i++) {
            String replacement = token.charAt(i) == 'A' ? "B" : "A";
            requireRefused(token.substring(0, i) + replacement + token.substring(i + 1));
        }

        assertThat(email()).isEqualTo(thief);
        requests.revert(token).expect(204);
    }

    @Test
    void tokenOfADeletedUserIsRefused() {
        String token = newToken();
        api.delete(user.path(), user.token()).expect(204);

        requireRefused(token);
    }

    @Test
    void addressThatAnotherUserHasByNowIsRefused() {
        String token = newToken();
        api.register(Api.newBody(user.email())).expect(201);

        requests.revert(token).expectProblem(409, "email-taken");
        api.get("/users/me", user.token()).expect(200);

        api.delete("/users/me", api.newToken(user.email())).expect(204);
        requests.revert(token).expect(204); // the refusal has not used the token
    }

    /** B2 */
    @Test
    void ofSimultaneousRevertsOneSucceeds() throws Exception {
        String token = newToken();

        List<Reply> replies = Concurrently.run(16, i -> requests.revert(token));

        assertThat(replies).extracting(Reply::status).containsOnlyOnce(204).contains(422);
        assertThat(replies.stream().filter(reply -> reply.status() != 204))
                .hasSize(15)
                .allSatisfy(reply -> reply.expectInvalid("token"));
        assertThat(events()).containsOnlyOnce("email_change_reverted by-user");
        assertThat(mails.tokens("password_reset", user.email())).hasSize(1);
    }
}
