package dev.roster.fleet;

import dev.roster.support.Poll;
import dev.roster.support.fault.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** B loses its feed connection, or every connection to PostgreSQL, while sessions end on A. */
final class LostLinks implements Experiment {
    private static final Duration BAR = Duration.ofSeconds(4);
    private static final Duration ANSWER_BAR = Duration.ofSeconds(2);
    private static final Duration RECOVERY_BAR = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final String LOOKUPS = "roster_revocation_lookups_total";

    private final FaultyLink fault;
    private final boolean feedOnly;

    private LostLinks(FaultyLink fault, boolean feedOnly) {
        this.fault = fault;
        this.feedOnly = feedOnly;
    }

    static LostLinks ofFeed(FaultyLink fault) {
        return new LostLinks(fault, true);
    }

    static LostLinks ofAll(FaultyLink fault) {
        return new LostLinks(fault, false);
    }

    @Override
    public String title() {
        return "logouts on A while " + (feedOnly ? "B's feed connection is " : "all of B's database connections are ")
                + fault;
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        Uses uses = new Uses();
        Node b = fleet.b();
        Session alive = Session.begin(fleet.a().client(), fleet.newPerson().email());
        EndedElsewhere ended = new EndedElsewhere(fleet, length.faultyLogouts(), uses);
        List<Link> lost = feedOnly ? List.of(b.feed()) : b.links();
        long before = b.count(LOOKUPS, "source", "database");

        ended.during(() -> lost.forEach(fault::befall), length.faultyFor());
        List<Finding> meanwhile =
                feedOnly ? withoutFeed(uses, b.count(LOOKUPS, "source", "database") - before) : cutOff(uses);

        long restored = System.nanoTime();
        lost.forEach(Link::restore);
        ended.endLate();
        try (Client client = b.client()) {
            Poll.until("B serves again", RECOVERY, () -> serves(b, client, alive));
        }
        Duration recovery = Duration.ofNanos(System.nanoTime() - restored);
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.figure(ended.count() + " logouts, " + uses.count() + " uses, "
                + uses.undecided().size() + " of them answered 503; lag " + uses.lags()));
        findings.add(Finding.none("accepted uses later than 4 s", uses.acceptedLaterThan(BAR)));
        findings.add(Finding.none("accepted uses once B serves again", ended.acceptedAfterwards()));
        findings.addAll(meanwhile);
        findings.add(Finding.within("B serves again by itself after", recovery, RECOVERY_BAR));
        return findings;
    }

    /** B decides every use, since it can ask the database. */
    private static List<Finding> withoutFeed(Uses uses, long lookups) {
        return List.of(
                Finding.none("uses neither accepted nor refused (5xx, no answer)", uses.undecided()),
                Finding.right("look-ups in the database by B meanwhile: " + lookups, "> 0", lookups > 0));
    }

    /** B may answer 503, but in time. */
    private static List<Finding> cutOff(Uses uses) {
        List<Answer> faults = uses.undecided().stream()
                .filter(answer -> answer.status() != 503)
                .toList();
        return List.of(
                Finding.within("slowest answer", uses.times().max(), ANSWER_BAR),
                Finding.none("answers other than 200, 401, 503, or none at all", faults));
    }

    private static boolean serves(Node node, Client client, Session session) {
        return client.send(Request.me(session.token())).accepted() && node.isReady();
    }
}
