package dev.roster.shell.user;

import static dev.roster.support.process.Shell.expect;
import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import dev.roster.support.process.Shell.Event;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code end-sessions}, beside two running nodes. */
class EndSessionsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().on(DATABASE);

    @RegisterExtension
    static final RosterExtension OTHER_NODE = new RosterExtension().on(DATABASE);

    private final Api api = ROSTER.api();
    private final Shell shell = new Shell(DATABASE);
    private final TestUser user = api.newUser();
    private final TestUser other = api.newUser();

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(DATABASE).verifyAudit();
    }

    /** S3: what a command revokes is refused on every node. */
    @Test
    void allSessionsEndOnEveryNode() {
        TestSession first = api.newSession(user);
        TestSession second = api.newSession(user);

        expect(shell.run("end-sessions", user.id().toString()), "ended 3 sessions of " + user.id());

        for (String token : List.of(user.token(), first.accessToken(), second.accessToken())) {
            awaitRefused(ROSTER, token);
            awaitRefused(OTHER_NODE, token);
        }
        api.refresh(first.refreshToken()).expectProblem(401, "invalid-token");
        OTHER_NODE.api().refresh(second.refreshToken()).expectProblem(401, "invalid-token");
        api.get("/users/me", other.token()).expect(200);
        api.get("/users/me", api.newToken(user.email())).expect(200);
    }

    /** S3: nodes with other settings may have issued tokens that live longer. */
    @Test
    void revocationLastsForTheMaximumTokenLifetime() {
        shell.with("ACCESS_TOKEN_LIFETIME", "1m").run("end-sessions", user.email());

        assertThat(shell.secondsRevoked(user.id())).isBetween(3665L, 3725L);
    }

    @Test
    void eachEndedSessionIsAuditedAsAnOperatorsAction() {
        UUID second = api.newSession(user).id();

        shell.run("end-sessions", user.id().toString());

        assertThat(shell.eventsOf(user.id()))
                .hasSize(2)
                .contains(Event.of("session_ended", second))
                .allMatch(event -> event.equals(Event.of("session_ended", event.sessionId())));
        assertThat(shell.eventsOf(other.id())).isEmpty();
    }

    /** V10 */
    @Test
    void userIsFoundByTheAddressInAnyCase() {
        Outcome outcome = shell.run("end-sessions", user.email().toUpperCase(Locale.ROOT));

        expect(outcome, "ended 1 session of " + user.id());
    }

    @Test
    void commandSucceedsWithoutOpenSessions() {
        shell.run("end-sessions", user.email());

        expect(shell.run("end-sessions", user.email()), "ended 0 sessions of " + user.id());
    }

    @ParameterizedTest
    @CsvSource({
        "nobody@example.org, Nobody has this e-mail address.",
        "019ab6f0-0000-7000-8000-000000000000, Nobody has this id.",
        "019ab6f0, USER must be an id or an e-mail address",
        "1-1-1-1-1, USER must be an id or an e-mail address",
    })
    void unknownUserIsRefused(String named, String reason) {
        expectRefusal(shell.run("end-sessions", named), "end-sessions: " + reason);
    }

    /** A session is ended, or it was opened afterwards and works. */
    @Test
    void sessionOpenedMeanwhileHasEndedOrWorks() throws Exception {
        List<String> tokens = Concurrently.run(8, i -> {
            if (i == 0) {
                shell.run("end-sessions", user.email());
            }
            return api.newToken(user.email());
        });

        List<String> open = DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT id FROM sessions WHERE user_id = ?")
                        .bind(0, user.id())
                        .mapTo(String.class)
                        .list());
        for (String token : tokens) {
            if (open.contains(TestTokens.read(token).path("sid").asText())) {
                api.get("/users/me", token).expect(200);
            } else {
                awaitRefused(ROSTER, token);
            }
        }
        awaitRefused(ROSTER, user.token());
    }

    private static void awaitRefused(RosterExtension node, String token) {
        Poll.until(
                "the token is refused",
                Duration.ofSeconds(10),
                () -> node.api().get("/users/me", token).status() == 401);
    }
}
