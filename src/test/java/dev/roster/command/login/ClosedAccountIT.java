package dev.roster.command.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mindrot.jbcrypt.BCrypt;

/** Accounts that an operator has closed. */
class ClosedAccountIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DISABLED = "disabled_at = now()";
    private static final String RESET_REQUIRED = "password_reset_required_at = now()";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("BCRYPT_COST", "5")
            .with("LOGINS_AT_ONCE", "3")
            .with("LOGINS", "1")
            .with("LOGIN_FAILURES", "10")
            .with("LOGIN_FAILURES_ANYWHERE", "100");

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @ParameterizedTest
    @CsvSource({DISABLED + ", account-disabled", RESET_REQUIRED + ", password-reset-required"})
    void closedAccountIsToldWithTheRightPasswordOnly(String state, String type) {
        set(state);

        api.login(user.email(), Api.PASSWORD).expectProblem(403, type);
        api.login(user.email(), "Wrong-Horse-9").expectProblem(401, "invalid-credentials");

        assertThat(rows("sessions")).isEqualTo(1); // the one from before, as the row was changed by hand
        assertThat(refusals()).containsExactly(type.replace('-', '_'), "-");
    }

    @Test
    void disabledIsToldBeforeARequiredReset() {
        set(DISABLED + ", " + RESET_REQUIRED);

        api.login(user.email(), Api.PASSWORD).expectProblem(403, "account-disabled");
    }

    @Test
    void disabledAccountOpensByItselfAtItsTime() {
        set("disabled_at = now(), disabled_until = now() + interval '1 hour'");
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "account-disabled");

        set("disabled_until = now() - interval '1 microsecond'");

        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** Otherwise somebody with the password could fill the audit trail. */
    @Test
    void refusedLoginsCountTowardsTheLimitOfLogins() {
        set(DISABLED);
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "account-disabled");
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "account-disabled");

        api.login(user.email(), Api.PASSWORD).expectProblem(429, "too-many-requests");

        assertThat(refusals()).containsExactly("account_disabled", "account_disabled");
    }

    @Test
    void refusedLoginsNeitherCountNorClearWrongPasswordsNorRememberTheNetwork() {
        api.login(user.email(), "Wrong-Horse-9").expectProblem(401, "invalid-credentials");
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM login_networks WHERE user_id = ?", user.id()));
        List<Long> failures = failures();
        set(DISABLED);

        api.login(user.email(), Api.PASSWORD).expectProblem(403, "account-disabled");

        assertThat(failures).contains(1L);
        assertThat(failures()).isEqualTo(failures);
        assertThat(rows("login_networks")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {DISABLED, RESET_REQUIRED})
    void closedAccountHasNoRefresh(String state) {
        TestSession session = api.newSession(user);
        set(state);

        api.refresh(session.refreshToken()).expectInvalidToken();
        api.refresh(session.refreshToken()).expectInvalidToken();
    }

    /** The statement that opens the session waits for the operator's transaction, and then sees what it wrote. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void loginThatWaitsForAnOperatorOpensNoSession(int cost) {
        String hash = BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(cost));
        ROSTER.jdbi()
                .useHandle(
                        handle -> handle.execute("UPDATE users SET password_hash = ? WHERE id = ?", hash, user.id()));

        Reply reply = during(DISABLED, () -> api.login(user.email(), Api.PASSWORD));

        reply.expectProblem(403, "account-disabled");
        assertThat(rows("sessions")).isEqualTo(1);
        assertThat(column("password_hash")).isEqualTo(hash);
    }

    @ParameterizedTest
    @ValueSource(strings = {DISABLED, RESET_REQUIRED})
    void changeThatWaitsForAnOperatorIsRefused(String state) {
        Reply reply = during(state, () -> api.put(user.path(), user.token(), Map.of("name", "Another Name")));

        reply.expectInvalidToken();
        assertThat(column("name")).isEqualTo("A Person");
    }

    @Test
    void newPasswordThatWaitsForAnOperatorIsRefused() {
        String hash = column("password_hash");

        Reply reply = during(
                RESET_REQUIRED,
                () -> api.put(
                        user.path(),
                        user.token(),
                        Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD)));

        reply.expectInvalidToken();
        assertThat(column("password_hash")).isEqualTo(hash);
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");
    }

    @Test
    void deletionThatWaitsForAnOperatorIsRefused() {
        Reply reply = during(DISABLED, () -> api.delete(user.path(), user.token()));

        reply.expectInvalidToken();
        assertThat(column("name")).isEqualTo("A Person");
    }

    /** E1 */
    @Test
    void userWithoutAPasswordAnswersLikeAnUnknownAddress() {
        set("password_hash = NULL");

        for (String password : List.of(Api.PASSWORD, "", "*")) {
            Reply known = api.login(user.email(), password).expectProblem(401, "invalid-credentials");
            Reply unknown = api.login(Api.newEmail(), password).expectProblem(401, "invalid-credentials");

            assertThat(known.body().path("detail")).isEqualTo(unknown.body().path("detail"));
        }
        assertThat(refusals()).isEmpty();
    }

    @Test
    void userWithoutAPasswordHasNoRightCurrentPassword() {
        set("password_hash = NULL");

        api.put(user.path(), user.token(), Map.of("password", "Another-Horse-9", "current_password", ""))
                .expectProblem(403, "forbidden");
    }

    /** Changes the row in a transaction that ends once the request waits for its lock. */
    private Reply during(String state, Supplier<Reply> request) {
        return ROSTER.jdbi().inTransaction(handle -> {
            handle.execute("UPDATE users SET version = version + 1, " + state + " WHERE id = ?", user.id());
            int holder = handle.createQuery("SELECT pg_backend_pid()")
                    .mapTo(Integer.class)
                    .one();
            CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(request);
            Poll.until("the request waits", PATIENCE, () -> isWaitedFor(holder));
            handle.commit();
            return reply.join();
        });
    }

    private static boolean isWaitedFor(int holder) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE ? = ANY (pg_blocking_pids(pid)))")
                .bind(0, holder)
                .mapTo(Boolean.class)
                .one());
    }

    private void set(String state) {
        ROSTER.jdbi().useHandle(handle -> handle.execute("UPDATE users SET " + state + " WHERE id = ?", user.id()));
    }

    private String column(String name) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT " + name + " FROM users WHERE id = ?")
                .bind(0, user.id())
                .mapTo(String.class)
                .one());
    }

    private long rows(String table) {
        return ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + table + " WHERE user_id = ?")
                        .bind(0, user.id())
                        .mapTo(Long.class)
                        .one());
    }

    private static List<Long> failures() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT failures FROM failure_limits ORDER BY key")
                .mapTo(Long.class)
                .list());
    }

    /** The details of the refused logins, in their order. */
    private List<String> refusals() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT coalesce(details, '-')
                          FROM audit_events
                         WHERE target_id = ? AND type = 'login_refused'
                         ORDER BY occurred_at, id
                        """)
                .bind(0, user.id())
                .mapTo(String.class)
                .list());
    }
}
