package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Life;
import dev.roster.support.Poll;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.RosterProcess;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Acknowledged changes survive a kill of the database or of the service. */
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
    void keepsAcknowledgedChangesWhenTheDatabaseIsKilled() throws Exception {
        try (RosterProcess roster = RosterProcess.serve(DATABASE.variables(Map.of()))) {
            liveUntil(roster, () -> {
                POSTGRES.kill();
                POSTGRES.start();
            });
        }
        expectAcknowledgedChanges();
    }

    /** D3, S2 */
    @Test
    void keepsAcknowledgedChangesWhenTheServiceIsKilled() throws Exception {
        try (RosterProcess roster = RosterProcess.serve(DATABASE.variables(Map.of()))) {
            liveUntil(roster, roster::kill);
        }
        expectAcknowledgedChanges();
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

    private void expectAcknowledgedChanges() {
        try (RosterProcess next = RosterProcess.serve(DATABASE.variables(Map.of()))) {
            lives.forEach(life -> life.expectAsAcknowledged(next.api()));
        }
        assertThat(lives)
                .flatExtracting(Life::refusals)
                .allSatisfy(refusal -> refusal.expectProblem(503, "unavailable"));
        assertThat(lives).filteredOn(life -> life.isAcknowledged("logout")).isNotEmpty();
        assertThat(lives).filteredOn(life -> life.isAcknowledged("delete")).isNotEmpty();
        assertThat(lives).filteredOn(life -> life.isAcknowledged("update")).isNotEmpty();
    }
}
