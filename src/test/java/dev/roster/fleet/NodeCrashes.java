package dev.roster.fleet;

import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Each node in turn is killed and restarted, while users are active on all nodes. */
final class NodeCrashes implements Experiment {
    private static final int SESSIONS = 10;
    private static final Duration BREATH = Duration.ofMillis(1);
    private static final Duration AFTER_START = Duration.ofMillis(500);

    private final Uses uses = new Uses();
    private final List<String> faults = new ArrayList<>();
    private final List<Finding> losses = new ArrayList<>();
    private long failedOnKilled;
    private long failedElsewhere;

    @Override
    public String title() {
        return "kill -9 and restart of each node in turn, under load";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) throws Exception {
        for (Node node : fleet.nodes().subList(0, length.crashes())) {
            crash(node, fleet, length);
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.none("revoked tokens accepted by the restarted node", uses.acceptedLaterThan(Duration.ZERO)));
        findings.add(Finding.none(
                "failed requests on the other nodes (on the killed one: " + failedOnKilled + ")", failedElsewhere));
        findings.add(Finding.none("answers other than success and 503", faults));
        findings.addAll(losses);
        return findings;
    }

    private void crash(Node node, Fleet fleet, Length length) throws Exception {
        Node elsewhere = fleet.without(node).get(0);
        Api.TestUser person = fleet.newPerson();
        Journal journal = new Journal(fleet.nodes());
        try (journal;
                Client client = elsewhere.client()) {
            List<Session> sessions = Session.begin(client, person.email(), 2 * SESSIONS);
            uses.useAll(sessions, List.of(node));
            Loops.pause(length.crashLoad());
            sessions.subList(0, SESSIONS).forEach(session -> session.end(client));

            node.kill();
            sessions.subList(SESSIONS, 2 * SESSIONS).forEach(session -> session.end(client));
            node.start();
            useFromTheFirstMomentOn(node, sessions);
        }
        faults.addAll(journal.faults());
        failedOnKilled += journal.failedOn(List.of(node));
        failedElsewhere += journal.failedOn(fleet.without(node));
        losses.add(Finding.none(node.name() + ": " + journal + "; lost", journal.lostAccordingTo(node)));
    }

    private void useFromTheFirstMomentOn(Node node, List<Session> sessions) {
        try (Loops readers = new Loops()) {
            Client client = node.client();
            readers.repeat(() -> sessions.forEach(session -> {
                uses.use(session, client);
                Loops.pause(BREATH);
            }));
            node.awaitReady();
            Loops.pause(AFTER_START);
        }
    }
}
