package dev.roster.fleet;

import dev.roster.support.Poll;
import java.time.Duration;
import java.util.List;

/** PostgreSQL is killed and restarted, while users are active on all nodes. */
final class DatabaseCrash implements Experiment {
    private static final Duration RECOVERY_BAR = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    @Override
    public String title() {
        return "PostgreSQL kill -9 and restart, under load";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) throws Exception {
        Session session = Session.begin(fleet.a().client(), fleet.newPerson().email());
        Journal journal = new Journal(fleet.nodes());
        Duration recovery;
        try (journal) {
            Loops.pause(length.crashLoad());
            fleet.primary().kill();
            fleet.primary().start();
            long started = System.nanoTime();
            for (Node node : fleet.nodes()) {
                Poll.until(node.name() + " serves again", RECOVERY, () -> serves(node, session));
            }
            recovery = Duration.ofNanos(System.nanoTime() - started);
            Loops.pause(length.crashLoad());
        }
        return List.of(
                Finding.none(journal + "; lost", journal.lostAccordingTo(fleet.a())),
                Finding.none("answers other than success and 503", journal.faults()),
                Finding.within("all nodes serve again by themselves after", recovery, RECOVERY_BAR));
    }

    private static boolean serves(Node node, Session session) {
        try (Client client = node.client()) {
            return node.isReady() && client.send(Request.me(session.token())).accepted();
        }
    }
}
