package dev.roster.fleet;

import dev.roster.support.Poll;
import dev.roster.support.fault.Link;
import java.time.Duration;
import java.util.List;

/** B reaches no PostgreSQL at all, neither the primary nor the replica. */
final class CutOff implements Experiment {
    private static final Duration BAR = Duration.ofSeconds(4);
    private static final Duration ANSWER_BAR = Duration.ofSeconds(2);
    private static final Duration RECOVERY_BAR = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    private final FaultyLink fault;

    CutOff(FaultyLink fault) {
        this.fault = fault;
    }

    @Override
    public String title() {
        return "B cut off from PostgreSQL altogether, connections " + fault;
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        Uses uses = new Uses();
        Node b = fleet.b();
        Session alive = Session.begin(fleet.a().client(), fleet.newPerson().email());
        EndedElsewhere ended = new EndedElsewhere(fleet, length.faultyLogouts(), uses);

        ended.during(() -> b.links().forEach(fault::befall), length.faultyFor());
        Durations times = uses.times();
        List<Answer> faults = uses.undecided().stream()
                .filter(answer -> answer.status() != 503)
                .toList();

        long restored = System.nanoTime();
        b.links().forEach(Link::restore);
        ended.endLate();
        try (Client client = b.client()) {
            Poll.until("B serves again", RECOVERY, () -> serves(b, client, alive));
        }
        Duration recovery = Duration.ofNanos(System.nanoTime() - restored);
        return List.of(
                Finding.figure(ended.count() + " logouts, " + uses.count() + " uses, "
                        + uses.undecided().size() + " of them answered 503"),
                Finding.none("accepted uses later than 4 s", uses.acceptedLaterThan(BAR)),
                Finding.none("accepted uses once B serves again", ended.acceptedAfterwards()),
                Finding.within("slowest answer", times.max(), ANSWER_BAR),
                Finding.none("answers other than 200, 401, 503, or none at all", faults),
                Finding.within("B serves again by itself after", recovery, RECOVERY_BAR));
    }

    private static boolean serves(Node node, Client client, Session session) {
        return client.send(Request.me(session.token())).accepted() && node.isReady();
    }
}
