package dev.roster.failover;

import dev.roster.fleet.Answer;
import dev.roster.fleet.Client;
import dev.roster.fleet.Durations;
import dev.roster.fleet.Finding;
import dev.roster.fleet.Loops;
import dev.roster.fleet.Request;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The primary's PostgreSQL hangs until long after another one has taken over. Then it goes on as if nothing had
 * happened, while its Patroni still hangs, and somebody writes on it.
 */
final class FrozenPrimary implements Experiment {
    private static final Duration BAR = Duration.ofSeconds(2);
    private static final Duration RECOVERY_BAR = Duration.ofSeconds(25);
    private static final Duration WATCHED = Duration.ofSeconds(3);
    private static final Duration BREATH = Duration.ofMillis(10);
    private static final String GHOST = "Ghost";

    private final Queue<Answer> ghosts = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> reads = new ConcurrentLinkedQueue<>();

    @Override
    public String title() {
        return "SIGSTOP of the primary's PostgreSQL";
    }

    @Override
    public List<Finding> run(Installation installation, Length length) throws Exception {
        installation.heal(Mode.SYNCHRONOUS);
        Cluster cluster = installation.cluster();
        Member old = cluster.primary();
        Api.TestUser person = installation.a().api().newUser();
        Traffic.Findings findings = new Traffic.Findings();
        Traffic traffic = new Traffic(installation.nodes());
        Duration recovery;
        try (traffic;
                Loops readers = new Loops()) {
            for (Node node : installation.nodes()) {
                Client client = node.client(); // never closed, as it may hang
                readers.repeat(BREATH, () -> read(client, person));
            }
            traffic.awaitWrites(length.load());
            long begun = System.nanoTime();
            old.freezePostgres();
            cluster.awaitPrimaryOtherThan(old);
            traffic.awaitWrites(length.load());
            recovery = traffic.history().recovery(begun);
            Loops.pauseUntil(begun + length.freeze().toNanos());
            old.freezePatroni();
            old.thawPostgres();
            writeGhost(old, person);
            Loops.pause(WATCHED);
        }
        findings.add(traffic);
        List<Duration> times = new ArrayList<>(traffic.history().times());
        reads.forEach(answer -> times.add(answer.took()));
        List<Finding> all = new ArrayList<>();
        all.add(Finding.within("slowest of " + times.size() + " answers", new Durations(times).max(), BAR));
        all.add(Finding.none(reads.size() + " reads; of what was written on the old one later", List.copyOf(ghosts)));
        all.addAll(findings.synchronous());
        all.add(Finding.within("writes again on all nodes after", recovery, RECOVERY_BAR));
        return all;
    }

    private void read(Client client, Api.TestUser person) {
        Answer answer = client.send(Request.get("/api/v1" + person.path()).as(person.token()));
        reads.add(answer);
        if (answer.accepted()
                && GHOST.equals(answer.expect(200).body().path("name").asText())) {
            ghosts.add(answer);
        }
    }

    /** Changes the name, and notifies nobody. Does not wait for the standby, which has left. */
    private static void writeGhost(Member old, Api.TestUser person) {
        Cluster.superuser(old, Cluster.ROSTER).useHandle(handle -> {
            handle.execute("SET synchronous_commit = local");
            int changed = handle.execute("UPDATE users SET name = ? WHERE id = ?", GHOST, person.id());
            if (changed != 1) {
                throw new IllegalStateException("The old primary does not have the user");
            }
        });
    }
}
