package dev.roster.shell.user;

import static dev.roster.support.process.Shell.expect;
import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import dev.roster.support.process.Shell.Event;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code set-role} and {@code set-password}, beside the running service. */
class SetUserIT {
    private static final String NEW_PASSWORD = "Another-Horse-9";
    private static final Pattern GENERATED =
            Pattern.compile("set the password of [0-9a-f-]{36} to ([A-Za-z0-9_-]{24})\n");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("roles.selfAssignable", "user");

    private final Api api = ROSTER.api();
    private final Shell shell = new Shell(ROSTER.database());
    private final TestUser user = api.newUser();

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(ROSTER.database()).verifyAudit();
    }

    /** V8: operators may give roles that are not self-assignable. */
    @Test
    void operatorCanGiveAnyRole() {
        expect(shell.run("set-role", user.email(), "admin"), "set the role of " + user.id() + " to admin");
        shell.run("set-role", user.email(), "admin"); // nothing to do

        Poll.until("the node hears of the role", Duration.ofSeconds(10), () -> api.get("/users/me", user.token())
                .body()
                .path("role")
                .asText()
                .equals("admin"));
        assertThat(shell.eventsOf(user.id()))
                .containsExactly(new Event("details_changed", null, null, "by_operator,role", null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "nobody@example.org, user, Nobody has this e-mail address.",
        "019ab6f0-0000-7000-8000-000000000000, user, Nobody has this id.",
        "me, boss, 'ROLE must be one of: admin, user'",
        "me, '', 'ROLE must be one of: admin, user'",
    })
    void wrongRoleOrUserIsRefused(String named, String role, String message) {
        expectRefusal(shell.run("set-role", named.equals("me") ? user.email() : named, role), "set-role: " + message);
    }

    @Test
    void newPasswordEndsAllSessions() {
        TestSession other = api.newSession(user);

        expect(setPassword(NEW_PASSWORD), "set the password of " + user.id());

        for (String token : List.of(user.token(), other.accessToken())) {
            Poll.until(
                    "the token is refused",
                    Duration.ofSeconds(10),
                    () -> api.get("/users/me", token).status() == 401);
        }
        api.refresh(other.refreshToken()).expectInvalidToken();
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
        api.login(user.email(), NEW_PASSWORD).expect(200);
        List<Event> events = shell.eventsOf(user.id());
        assertThat(events).hasSize(3).startsWith(Event.of("password_changed", null));
        assertThat(events).contains(Event.of("session_ended", other.id()));
    }

    @Test
    void newPasswordEndsARequiredReset() {
        set("password_reset_required_at = now()");
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");

        setPassword(NEW_PASSWORD);

        api.login(user.email(), NEW_PASSWORD).expect(200);
    }

    @Test
    void personWithoutAPasswordCanLogInWithTheNewOne() {
        set("password_hash = NULL");

        setPassword(NEW_PASSWORD);

        api.login(user.email(), NEW_PASSWORD).expect(200);
    }

    @Test
    void newPasswordDoesNotEnableAPerson() {
        set("disabled_at = now()");

        setPassword(NEW_PASSWORD);

        api.login(user.email(), NEW_PASSWORD).expectProblem(403, "account-disabled");
    }

    @Test
    void passwordCanBeGenerated() {
        Outcome outcome = shell.run("set-password", user.email(), "--generate-password");

        assertThat(outcome.errors()).isEmpty();
        Matcher generated = GENERATED.matcher(outcome.output());
        assertThat(generated.matches()).as(outcome.output()).isTrue();
        api.login(user.email(), generated.group(1)).expect(200);
    }

    /** A1, A2 and A5: the rules of registration apply. */
    @ParameterizedTest
    @CsvSource({
        "Short-9, password must be at least 8 characters",
        "password123, 'password must not be a common password, word or name'",
        "a person, password must not be the name or e-mail address",
    })
    void passwordThatRegistrationRefusesIsRefused(String password, String message) {
        expectRefusal(setPassword(password), "set-password: " + message);

        api.get("/users/me", user.token()).expect(200);
    }

    @Test
    void unknownUserIsRefused() {
        expectRefusal(
                shell.type(NEW_PASSWORD, "set-password", "nobody@example.org", "--password-stdin"),
                "set-password: Nobody has this e-mail address.");
    }

    private Outcome setPassword(String password) {
        return shell.type(password, "set-password", user.email(), "--password-stdin");
    }

    private void set(String state) {
        ROSTER.jdbi().useHandle(handle -> handle.execute("UPDATE users SET " + state + " WHERE id = ?", user.id()));
    }
}
