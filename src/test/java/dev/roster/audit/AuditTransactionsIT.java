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

/** L5: what happened and that it is written down are one transaction. */
class AuditTransactionsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @AfterEach
    void writable() {
        ROSTER.jdbi()
                .useHandle(
                        handle -> handle.execute("ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS audit_is_full"));
    }

    @Test
    void registersNobodyWhomItCannotWriteDown() {
        Map<String, Object> body = Api.newBody(Api.newEmail());

        failing(() -> api.register(body));

        api.register(body).expect(201);
    }

    @Test
    void logsNobodyInWhomItCannotWriteDown() {
        long sessions = sessions();

        failing(() -> api.login(user.email(), Api.PASSWORD));

        assertThat(sessions()).isEqualTo(sessions);
    }

    @Test
    void changesNothingThatItCannotWriteDown() {
        failing(() -> api.put(user.path(), user.token(), Map.of("name", "Trillian")));
        failing(() -> api.put(
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
    void endsNoSessionThatItCannotWriteDown() {
        TestSession other = api.newSession(user);

        failing(() -> api.logout(user.token()));
        failing(() -> api.delete(user.sessionsPath(), user.token()));
        failing(() -> api.delete(user.sessionsPath() + "/" + other.id(), user.token()));

        api.get(user.path(), user.token()).expect(200);
        api.get(user.path(), other.accessToken()).expect(200);
        api.refresh(other.refreshToken()).expect(200);
    }

    @Test
    void deletesNobodyWhomItCannotWriteDown() {
        failing(() -> api.delete(user.path(), user.token()));

        api.get(user.path(), user.token()).expect(200);
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** Of those who want one address at once, one has it, and one is written down. */
    @Test
    void writesNothingOfWhatIsRolledBack() throws Exception {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        long before = count("registered");

        List<Reply> replies = Concurrently.run(8, i -> api.register(body));

        assertThat(replies.stream().filter(reply -> reply.status() == 201)).hasSize(1);
        assertThat(count("registered")).isEqualTo(before + 1);
    }

    /** Nor is anything written of somebody behind the back of who deletes them. */
    @Test
    void forgetsWhoIsRefusedWhileBeingDeleted() throws Exception {
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

    private void failing(Supplier<Reply> request) {
        long events = new Trail(ROSTER).count("SELECT count(*) FROM audit_events");
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "ALTER TABLE audit_events ADD CONSTRAINT audit_is_full CHECK (false) NOT VALID"));
        request.get().expectProblem(500, "internal");
        writable();
        assertThat(new Trail(ROSTER).count("SELECT count(*) FROM audit_events")).isEqualTo(events);
    }

    private static long sessions() {
        return new Trail(ROSTER).count("SELECT count(*) FROM sessions");
    }

    private static long count(String type) {
        return new Trail(ROSTER).count("SELECT count(*) FROM audit_events WHERE type = '" + type + "'");
    }
}
