package dev.roster.fleet;

import dev.roster.support.Poll;
import java.time.Duration;
import java.util.List;

/** B hears nothing of revocations any more, while everything else about it is well. */
final class FeedFault implements Experiment {
    private static final Duration BAR = Duration.ofSeconds(4);
    private static final Duration RECOVERY = Duration.ofSeconds(20);
    private static final String DATABASE_LOOKUPS = "roster.revocation-lookups.database";

    private final FaultyLink fault;

    FeedFault(FaultyLink fault) {
        this.fault = fault;
    }

    @Override
    public String title() {
        return "the same with B's feed connection " + fault;
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        Uses uses = new Uses();
        Node b = fleet.b();
        EndedElsewhere ended = new EndedElsewhere(fleet, length.faultyLogouts(), uses);
        long before = b.counter(DATABASE_LOOKUPS);

        ended.during(() -> fault.befall(b.feed()), length.faultyFor());
        long lookups = b.counter(DATABASE_LOOKUPS) - before;

        long restored = System.nanoTime();
        b.feed().restore();
        ended.endLate();
        Poll.until("B is fresh again", RECOVERY, b::isReady);
        Duration recovery = Duration.ofNanos(System.nanoTime() - restored);
        return List.of(
                Finding.figure(ended.count() + " logouts, " + uses.count() + " uses; lag " + uses.lags()),
                Finding.none("accepted uses later than 4 s", uses.acceptedLaterThan(BAR)),
                Finding.none("accepted uses once B is fresh again", ended.acceptedAfterwards()),
                Finding.none("uses neither accepted nor refused (5xx, no answer)", uses.undecided()),
                Finding.right("look-ups in the database by B meanwhile: " + lookups, "> 0", lookups > 0),
                Finding.within("B is fresh again after", recovery, Duration.ofSeconds(5)));
    }
}
