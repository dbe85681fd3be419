package dev.roster.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Api;
import dev.roster.support.Poll;
import dev.roster.support.PrivatePostgres;
import dev.roster.support.Reply;
import dev.roster.support.RosterProcess;
import dev.roster.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What has been answered with success stays true, whatever is killed. */
class DurabilityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = 8;
    private static final int ENOUGH = 120;

    private static final PrivatePostgres POSTGRES = new PrivatePostgres();
    private static final TestDatabase DATABASE = TestDatabase.migrated(POSTGRES);

    private final Queue<Life> lives = new ConcurrentLinkedQueue<>();
    private volatile boolean killed;

    @AfterAll
    static void stop() {
        POSTGRES.close();
    }

    /** D3, S2 */
    @Test
    void losesNothingWhenTheDatabaseIsKilled() throws Exception {
        try (RosterProcess roster = RosterProcess.serve(DATABASE.variables(Map.of()))) {
            liveUntil(roster, () -> {
                POSTGRES.kill();
                POSTGRES.start();
            });
        }
        expectThatAllIsAsAcknowledged();
    }

    /** D3, S2 */
    @Test
    void losesNothingWhenTheServiceIsKilled() throws Exception {
        try (RosterProcess roster = RosterProcess.serve(DATABASE.variables(Map.of()))) {
            liveUntil(roster, roster::kill);
        }
        expectThatAllIsAsAcknowledged();
    }

    private void liveUntil(RosterProcess roster, Runnable kill) throws InterruptedException {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(() -> {
                while (!killed) {
                    Life life = new Life();
                    lives.add(life);
                    life.live(roster.api());
                }
            });
        }
        Poll.until("enough has happened", PATIENCE, () -> lives.size() >= ENOUGH);
        kill.run();
        killed = true;
        clients.shutdown();
        assertThat(clients.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    private void expectThatAllIsAsAcknowledged() {
        try (RosterProcess next = RosterProcess.serve(DATABASE.variables(Map.of()))) {
            lives.forEach(life -> life.expectAsAcknowledged(next.api()));
        }
        assertThat(lives).filteredOn(life -> life.isAcknowledged("logout")).isNotEmpty();
        assertThat(lives).filteredOn(life -> life.isAcknowledged("delete")).isNotEmpty();
        assertThat(lives).filteredOn(life -> life.isAcknowledged("update")).isNotEmpty();
    }

    /** Somebody's requests, one after another until one fails, and what is known of each. */
    private static final class Life {
        private final String email = Api.newEmail();
        private final boolean deletes = email.hashCode() % 2 == 0;
        private final List<String> acknowledged = new ArrayList<>();
        private String inDoubt = "register";
        private String token = "";
        private UUID id = new UUID(0, 0);

        void live(Api api) {
            try {
                Reply registered = api.register(Api.newBody(email));
                if (!acknowledge(registered, 201, "login")) {
                    return;
                }
                id = UUID.fromString(registered.body().path("id").asText());
                Reply loggedIn = api.login(email, Api.PASSWORD);
                if (!acknowledge(loggedIn, 200, "update")) {
                    return;
                }
                token = loggedIn.body().path("access_token").asText();
                if (!acknowledge(
                        api.put("/users/" + id, token, Map.of("name", "Changed")),
                        200,
                        deletes ? "delete" : "logout")) {
                    return;
                }
                acknowledge(deletes ? api.delete("/users/" + id, token) : api.logout(token), 204, "");
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("No answer"); // and so the last request stays in doubt
            }
        }

        private boolean acknowledge(Reply reply, int success, String next) {
            if (reply.status() == success) {
                acknowledged.add(inDoubt);
                inDoubt = next;
                return true;
            }
            reply.expectProblem(503, "unavailable");
            return false;
        }

        boolean isAcknowledged(String request) {
            return acknowledged.contains(request);
        }

        void expectAsAcknowledged(Api api) {
            if (!isAcknowledged("register")) {
                return;
            }
            boolean mayBeDeleted = inDoubt.equals("delete");
            Reply login = api.login(email, Api.PASSWORD);
            if (isAcknowledged("delete") || (mayBeDeleted && login.status() == 401)) {
                login.expectProblem(401, "invalid-credentials");
                api.get("/users/" + id, token).expectProblem(401, "invalid-token");
                return;
            }
            login.expect(200);
            String name = login.body().path("user").path("name").asText();
            Set<String> names = isAcknowledged("update")
                    ? Set.of("Changed")
                    : inDoubt.equals("update") ? Set.of("A Person", "Changed") : Set.of("A Person");
            assertThat(name).isIn(names);
            if (isAcknowledged("logout")) {
                api.get("/users/" + id, token).expectProblem(401, "invalid-token");
            } else if (isAcknowledged("login") && !inDoubt.equals("logout")) {
                api.get("/users/" + id, token).expect(200);
            }
        }
    }
}
