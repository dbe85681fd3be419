package dev.roster.shell.user;

import static dev.roster.support.process.Shell.expect;
import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import dev.roster.support.process.Shell.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code delete-user}, beside the running service. */
class DeleteUserIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final Shell shell = new Shell(ROSTER.database());
    private final TestUser user = api.newUser();
    private final TestUser other = api.newUser();

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(ROSTER.database()).verifyAudit();
    }

    /** T11 */
    @Test
    void deletionRemovesTheUserAndRevokesAllTokens() {
        TestSession session = api.newSession(user);

        expect(shell.run("delete-user", user.email()), "deleted " + user.id());

        awaitRefused(user.token());
        awaitRefused(session.accessToken());
        api.refresh(session.refreshToken()).expectProblem(401, "invalid-token");
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
        api.get(user.path(), other.token()).expectProblem(404, "not-found");
        api.register(Api.newBody(user.email())).expect(201);
    }

    @Test
    void commandLeavesTheSameRowsAsTheApi() {
        TestUser byApi = api.newUser();
        for (TestUser each : List.of(user, byApi)) {
            api.newSession(each);
            api.login(each.email(), "wrong").expect(401);
        }

        api.delete(byApi.path(), byApi.token()).expect(204);
        expect(shell.run("delete-user", user.id().toString()), "deleted " + user.id());

        assertThat(rowsOf(user.id())).isEqualTo(rowsOf(byApi.id()));
        assertThat(rowsOf(user.id()))
                .contains("1 user user_deleted outlasts every token")
                .contains("deleted null");
        assertThat(shell.eventsOf(user.id())).containsExactly(Event.of("deleted", null));
        assertThat(rowsOf(other.id())).contains("1 users", "1 sessions");
    }

    /** T11, S3: nodes with other settings may have issued tokens that live longer. */
    @Test
    void revocationLastsForTheMaximumTokenLifetime() {
        expect(shell.with("ACCESS_TOKEN_LIFETIME", "1m").run("delete-user", user.email()), "deleted " + user.id());

        assertThat(shell.secondsRevoked(user.id())).isBetween(3665L, 3725L);
    }

    @Test
    void oneOfManyConcurrentCommandsDeletesTheUser() throws Exception {
        List<Outcome> outcomes =
                Concurrently.run(4, i -> shell.run("delete-user", user.id().toString()));

        assertThat(outcomes).filteredOn(outcome -> !outcome.failed()).hasSize(1);
        assertThat(outcomes)
                .filteredOn(Outcome::failed)
                .allSatisfy(outcome -> expectRefusal(outcome, "delete-user: Nobody has this id."));
        assertThat(shell.eventsOf(user.id())).hasSize(1);
    }

    /** F8: tokens that are issued during the deletion are revoked too. */
    @Test
    void concurrentRequestsKeepNoTokenOfADeletedUser() throws Exception {
        List<Optional<Reply>> replies = Concurrently.run(9, i -> switch (i % 4) {
            case 0 -> i == 0 ? deleted() : Optional.of(api.login(user.email(), "wrong"));
            case 1 -> Optional.of(api.put(user.path(), user.token(), Map.of("name", "B")));
            default -> Optional.of(api.login(user.email(), Api.PASSWORD));
        });

        awaitRefused(user.token());
        List<Reply> answers = replies.stream().flatMap(Optional::stream).toList();
        assertThat(answers).extracting(Reply::status).isSubsetOf(200, 401);
        answers.stream()
                .filter(reply -> reply.status() == 200)
                .map(reply -> reply.body().path("access_token").asText())
                .filter(token -> !token.isEmpty())
                .forEach(DeleteUserIT::awaitRefused);
        assertThat(rowsOf(user.id())).contains("0 users", "0 sessions");
    }

    @ParameterizedTest
    @CsvSource({
        "nobody@example.org, Nobody has this e-mail address.",
        "019ab6f0-0000-7000-8000-000000000000, Nobody has this id.",
        "me, USER must be an id or an e-mail address",
    })
    void unknownUserIsRefused(String named, String reason) {
        expectRefusal(shell.run("delete-user", named), "delete-user: " + reason);
    }

    private Optional<Reply> deleted() {
        expect(shell.run("delete-user", user.email()), "deleted " + user.id());
        return Optional.empty();
    }

    /** The user's rows in all tables, without the actors. */
    private static List<String> rowsOf(UUID id) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT count(*) || ' users' FROM users WHERE id = :id
                         UNION ALL
                        SELECT count(*) || ' sessions' FROM sessions WHERE user_id = :id
                         UNION ALL
                        SELECT count(*) || ' ' || kind || ' ' || reason || CASE
                                   WHEN min(expires_at - revoked_at) >= interval '15 min'
                                   THEN ' outlasts every token' ELSE '' END
                          FROM token_blocklist WHERE user_id = :id GROUP BY kind, reason
                         UNION ALL
                        SELECT * FROM (SELECT type || ' ' || coalesce(user_agent, 'null')
                          FROM audit_events WHERE target_id = :id ORDER BY occurred_at) events
                        """)
                .bind("id", id)
                .mapTo(String.class)
                .list());
    }

    private static void awaitRefused(String token) {
        Poll.until(
                "the token is refused",
                Duration.ofSeconds(10),
                () -> ROSTER.api().get("/users/me", token).status() == 401);
    }
}
