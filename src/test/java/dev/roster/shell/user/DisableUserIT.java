package dev.roster.shell.user;

import static dev.roster.support.process.Shell.expect;
import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.Shell;
import dev.roster.support.process.Shell.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code disable-user} and {@code enable-user}, beside two running nodes. */
class DisableUserIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final String FUTURE = "2999-12-24T18:00:00Z";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().on(DATABASE);

    @RegisterExtension
    static final RosterExtension OTHER_NODE = new RosterExtension().on(DATABASE);

    private final Api api = ROSTER.api();
    private final Shell shell = new Shell(DATABASE);
    private final TestUser user = api.newUser();

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(DATABASE).verifyAudit();
    }

    /** S3: what a command revokes is refused on every node. */
    @Test
    void disabledPersonIsLoggedOutEverywhereAndCannotLogIn() {
        TestSession other = api.newSession(user);

        expect(shell.run("disable-user", user.email()), "disabled " + user.id());

        for (RosterExtension node : List.of(ROSTER, OTHER_NODE)) {
            awaitRefused(node, user.token());
            awaitRefused(node, other.accessToken());
            node.api().refresh(other.refreshToken()).expectInvalidToken();
            node.api().login(user.email(), Api.PASSWORD).expectProblem(403, "account-disabled");
        }
    }

    /** No row of the user is in the blocklist: it would refuse the tokens of after enable-user. */
    @Test
    void enabledPersonCanLogInAtOnceAndOldTokensStayRefused() {
        shell.run("disable-user", user.id().toString());
        awaitRefused(ROSTER, user.token());
        awaitRefused(OTHER_NODE, user.token());

        expect(shell.run("enable-user", user.email()), "enabled " + user.id());

        String token = api.newToken(user.email());
        api.get("/users/me", token).expect(200);
        OTHER_NODE.api().get("/users/me", token).expect(200);
        OTHER_NODE.api().get("/users/me", user.token()).expectInvalidToken();
        assertThat(strings("SELECT kind FROM token_blocklist WHERE user_id = ?"))
                .containsExactly("session");
    }

    @Test
    void timeAndReasonAreStored() {
        expect(
                shell.run("disable-user", user.email(), "--until", FUTURE, "--reason", " Ärger im Büro "),
                "disabled " + user.id() + " until " + FUTURE);

        assertThat(strings("SELECT extract(year FROM disabled_until) || ' ' || disabled_reason FROM users"
                        + " WHERE id = ?"))
                .containsExactly("2999 Ärger im Büro");
        assertThat(strings("SELECT version FROM users WHERE id = ?")).containsExactly("2");
    }

    @Test
    void secondDisableReplacesTimeAndReason() {
        shell.run("disable-user", user.email(), "--until", FUTURE, "--reason", "first");

        expect(shell.run("disable-user", user.email()), "disabled " + user.id());

        assertThat(strings("SELECT concat(disabled_until, disabled_reason) FROM users WHERE id = ?"))
                .containsExactly("");
    }

    @Test
    void eachCommandLeavesItsEventAndOneForEachEndedSession() {
        TestSession other = api.newSession(user);

        shell.run("disable-user", user.email());
        shell.run("enable-user", user.email());
        shell.run("enable-user", user.email()); // nothing to do

        List<Event> events = shell.eventsOf(user.id());
        assertThat(events).hasSize(4).startsWith(Event.of("disabled", null)).endsWith(Event.of("enabled", null));
        assertThat(events).contains(Event.of("session_ended", other.id()));
    }

    @ParameterizedTest
    @CsvSource({
        "nobody@example.org, , , Nobody has this e-mail address.",
        "019ab6f0-0000-7000-8000-000000000000, , , Nobody has this id.",
        "019ab6f0, , , USER must be an id or an e-mail address",
        "me, tomorrow, , --until must be a time as in RFC 3339",
        "me, 2020-01-01T00:00:00Z, , 'until must be in the future, and before the year 10000'",
        "me, +10000-01-01T00:00:00Z, , 'until must be in the future, and before the year 10000'",
        "me, , ' ', --reason must not be blank",
    })
    void wrongArgumentsAreRefused(String named, @Nullable String until, @Nullable String reason, String message) {
        List<String> arguments = new ArrayList<>(List.of(named.equals("me") ? user.email() : named));
        if (until != null) {
            arguments.addAll(List.of("--until", until));
        }
        if (reason != null) {
            arguments.addAll(List.of("--reason", reason));
        }

        expectRefusal(shell.run("disable-user", arguments.toArray(String[]::new)), "disable-user: " + message);

        api.get("/users/me", user.token()).expect(200);
        assertThat(shell.eventsOf(user.id())).isEmpty();
    }

    @Test
    void longReasonIsRefused() {
        expectRefusal(
                shell.run("disable-user", user.email(), "--reason", "a".repeat(201)),
                "disable-user: --reason must be at most 200 characters");
        expect(
                shell.run("disable-user", user.email(), "--reason", "\ud83d\ude00".repeat(200)),
                "disabled " + user.id());
    }

    @Test
    void enableRefusesAnUnknownPerson() {
        expectRefusal(shell.run("enable-user", "nobody@example.org"), "enable-user: Nobody has this e-mail address.");
    }

    private List<String> strings(String sql) {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery(sql)
                .bind(0, user.id())
                .mapTo(String.class)
                .list());
    }

    private static void awaitRefused(RosterExtension node, String token) {
        Poll.until(
                "the token is refused",
                Duration.ofSeconds(10),
                () -> node.api().get("/users/me", token).status() == 401);
    }
}
