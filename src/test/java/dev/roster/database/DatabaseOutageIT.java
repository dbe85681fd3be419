package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import dev.roster.support.process.RosterProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service while its database is down, with the default timeouts of {@code config.yml}. */
class DatabaseOutageIT {
    /** The goal is 2 s. The rest is for a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Duration RECOVERY = Duration.ofSeconds(20);
    private static final int CALLERS = 40;
    private static final int QUERY_CONNECTIONS = 16;

    /** 409 and 401: what was served before its answer was lost, and somebody who has left, are known; 404: over. */
    private static final Set<Integer> SERVED = Set.of(200, 201, 204, 401, 404, 409);

    private static final PrivatePostgres POSTGRES = new PrivatePostgres();
    private static final RosterProcess ROSTER = RosterProcess.serve(TestDatabase.migrated(POSTGRES)
            .variables(Map.of(
                    "DATABASE_SOCKET_TIMEOUT",
                    "",
                    "DATABASE_STATEMENT_TIMEOUT",
                    "",
                    "DATABASE_POOL_WAIT",
                    "",
                    "USER_CACHE", // so that reads ask the database
                    "0")));

    private final Api api = ROSTER.api().within(PATIENCE);
    private final Api.TestUser user = ROSTER.api().newUser();
    private final Api.TestSession session = ROSTER.api().newSession(user);
    private final Api.TestSession ended = ROSTER.api().newSession(user);
    private final Api.TestUser leaving = ROSTER.api().newUser();

    @AfterAll
    static void stop() {
        ROSTER.close();
        POSTGRES.close();
    }

    @AfterEach
    void expectNothingStuck() {
        Poll.until(
                "served again",
                RECOVERY,
                () -> api.get(user.path(), user.token()).status() == 200);
        Poll.until(
                "ready again",
                RECOVERY,
                () -> ROSTER.admin().raw("GET", "/healthcheck").status() == 200);
        for (Supplier<Reply> route : routes()) {
            Poll.until("served", RECOVERY, () -> SERVED.contains(route.get().status()));
        }
    }

    /** D1 */
    @Test
    void answers503WhileTheDatabaseIsStopped() {
        POSTGRES.stop();

        routes().forEach(route -> expectUnavailable(route.get()));
        routes().forEach(route -> expectUnavailable(route.get())); // now the pool knows

        api.get(user.path(), null).expectProblem(401, "unauthenticated");
        expectAliveAndNotReadyFor("database");
        expectAliveAndNotReadyFor("revocation-feed");
        POSTGRES.start();
    }

    /** D1 */
    @Test
    void answersInTimeWhileTheDatabaseHangs() throws Exception {
        POSTGRES.freeze();

        List<Supplier<Reply>> routes = routes();
        List<Reply> replies =
                Concurrently.run(CALLERS, i -> routes.get(i % routes.size()).get());
        replies.forEach(DatabaseOutageIT::expectUnavailable);

        expectAliveAndNotReadyFor("database");
        expectAliveAndNotReadyFor("revocation-feed");
        POSTGRES.thaw();
    }

    /** D2 */
    @Test
    void recoversAfterTheDatabaseRestarts() {
        fillPools();
        POSTGRES.stop();
        POSTGRES.start();

        assertThat(failuresUntilServed()).isLessThanOrEqualTo(QUERY_CONNECTIONS);
    }

    /** D2 */
    @Test
    void recoversAfterTheDatabaseCrashes() {
        fillPools();
        POSTGRES.kill();
        POSTGRES.start();

        assertThat(failuresUntilServed()).isLessThanOrEqualTo(QUERY_CONNECTIONS);
    }

    private void expectAliveAndNotReadyFor(String cause) {
        Api admin = ROSTER.admin().within(PATIENCE);
        Poll.until(cause + " is told", RECOVERY, () -> {
            Reply reply = admin.raw("GET", "/healthcheck");
            return reply.status() == 503
                    && !reply.body().path(cause).path("healthy").asBoolean();
        });
        admin.raw("GET", "/ping").expect(200);
    }

    private int failuresUntilServed() {
        List<Reply> failures = new ArrayList<>();
        Poll.until("served again", RECOVERY, () -> {
            Reply reply = api.get(user.path(), user.token());
            if (reply.status() != 200) {
                failures.add(expectUnavailable(reply));
            }
            return reply.status() == 200;
        });
        return failures.size();
    }

    private void fillPools() {
        try {
            Concurrently.run(CALLERS, i -> api.get(user.path(), user.token()).expect(200));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Supplier<Reply>> routes() {
        return List.of(
                () -> api.register(Api.newBody(Api.newEmail())),
                () -> api.login(user.email(), Api.PASSWORD),
                () -> api.refresh(session.refreshToken()),
                () -> api.get(user.sessionsPath(), user.token()),
                () -> api.delete(user.sessionsPath() + "/" + ended.id(), user.token()),
                () -> api.get("/users/me", user.token()),
                () -> api.get(user.path(), user.token()),
                () -> api.put(user.path(), user.token(), Map.of("name", "Another Name")),
                () -> api.logout(leaving.token()),
                () -> api.delete(leaving.path(), leaving.token()));
    }

    private static Reply expectUnavailable(Reply reply) {
        reply.expectProblem(503, "unavailable");
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        return reply;
    }
}
