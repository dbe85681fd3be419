package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** L5: a change and its event are one transaction. */
class AuditTransactionsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @AfterEach
    void allowEvents() {
        ROSTER.jdbi()
                .useHandle(
                        handle -> handle.execute("ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS audit_is_full"));
    }

    @Test
    void registersNobodyIfTheEventCannotBeRecorded() {
        Map<String, Object> body = Api.newBody(Api.newEmail());

        expectFailure(() -> api.register(body));

        api.register(body).expect(201);
    }

    @Test
    void logsNobodyInIfTheEventCannotBeRecorded() {
        long sessions = sessions();

        expectFailure(() -> api.login(user.email(), Api.PASSWORD));

        assertThat(sessions()).isEqualTo(sessions);
    }

    @Test
    void changesNothingIfTheEventCannotBeRecorded() {
        expectFailure(() -> api.put(user.path(), user.token(), Map.of("name", "Trillian")));
        expectFailure(() -> api.put(
                user.path(), user.token(), Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD)));

        assertThat(api.get(user.path(), user.token())
                        .expect(200)
                        .body()
                        .path("name")
                        .asText())
                .isEqualTo("A Person");
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    @Test
    void endsNoSessionIfTheEventCannotBeRecorded() {
        TestSession other = api.newSession(user);

        expectFailure(() -> api.logout(user.token()));
        expectFailure(() -> api.delete(user.sessionsPath(), user.token()));
        expectFailure(() -> api.delete(user.sessionsPath() + "/" + other.id(), user.token()));

        api.get(user.path(), user.token()).expect(200);
        api.get(user.path(), other.accessToken()).expect(200);
        api.refresh(other.refreshToken()).expect(200);
    }

    @Test
    void deletesNobodyIfTheEventCannotBeRecorded() {
        expectFailure(() -> api.delete(user.path(), user.token()));

        api.get(user.path(), user.token()).expect(200);
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** Of eight concurrent registrations of one address, one succeeds and one is recorded. */
    @Test
    void recordsNothingThatIsRolledBack() throws Exception {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        long before = count("registered");

        List<Reply> replies = Concurrently.run(8, i -> api.register(body));

        assertThat(replies.stream().filter(reply -> reply.status() == 201)).hasSize(1);
        assertThat(count("registered")).isEqualTo(before + 1);
    }

    /** No event with a user agent is recorded after the deletion. */
    @Test
    void forgetsEventsThatAreConcurrentWithTheDeletion() throws Exception {
        for (int round = 0; round < 5; round++) {
            TestUser doomed = api.newUser();
            Concurrently.run(
                    8, i -> i == 0 ? api.delete(doomed.path(), doomed.token()) : api.login(doomed.email(), "wrong"));

            assertThat(userAgentsOf(doomed.id())).isEmpty();
        }
        new Trail(ROSTER).verify().expectNone();
    }

    private static List<String> userAgentsOf(UUID id) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT user_agent FROM audit_events"
                        + " WHERE (actor_id = :id OR target_id = :id) AND user_agent IS NOT NULL")
                .bind("id", id)
                .mapTo(String.class)
                .list());
    }

    private void expectFailure(Supplier<Reply> request) {
        long events = new Trail(ROSTER).count("SELECT count(*) FROM audit_events");
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "ALTER TABLE audit_events ADD CONSTRAINT audit_is_full CHECK (false) NOT VALID"));
        request.get().expectProblem(500, "internal");
        allowEvents();
        assertThat(new Trail(ROSTER).count("SELECT count(*) FROM audit_events")).isEqualTo(events);
    }

    private static long sessions() {
        return new Trail(ROSTER).count("SELECT count(*) FROM sessions");
    }

    private static long count(String type) {
        return new Trail(ROSTER).count("SELECT count(*) FROM audit_events WHERE type = '" + type + "'");
    }
}
