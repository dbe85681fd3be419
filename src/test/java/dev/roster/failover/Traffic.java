package dev.roster.failover;

import dev.roster.failover.History.Losses;
import dev.roster.fleet.Answer;
import dev.roster.fleet.Finding;
import dev.roster.fleet.Loops;
import dev.roster.support.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What people do on all nodes before, during and after a fault. */
final class Traffic implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final History history;
    private final Logouts logouts;

    /** Starts. */
    Traffic(List<Node> nodes) {
        history = new History(nodes);
        logouts = new Logouts(nodes);
    }

    History history() {
        return history;
    }

    /** Waits until all nodes have acknowledged a write that began after now, and for this long. */
    void awaitWrites(Duration more) {
        long now = System.nanoTime();
        Poll.until("writes on all nodes", PATIENCE, () -> history.writesSince(now));
        Loops.pause(more);
    }

    /** What all rounds of an experiment found. */
    static final class Findings {
        private final List<Object> lost = new ArrayList<>();
        private final List<Object> unflagged = new ArrayList<>();
        private final List<Object> back = new ArrayList<>();
        private final List<Answer> faults = new ArrayList<>();
        private long acknowledged;
        private long unknown;
        private long late;
        private long uses;

        /** Checks what the traffic was told, once it has ended. Returns what was lost. */
        Losses add(Traffic traffic) throws Exception {
            Losses losses = traffic.history.check();
            acknowledged += traffic.history.acknowledged();
            unknown += traffic.history.unknown();
            lost.addAll(losses.lost());
            unflagged.addAll(losses.unflagged());
            back.addAll(losses.back());
            faults.addAll(traffic.history.faults());
            faults.addAll(traffic.logouts.faults());
            late += traffic.logouts.acceptedLate();
            uses += traffic.logouts.uses().count();
            return losses;
        }

        long lost() {
            return lost.size();
        }

        /** Nothing may be lost. */
        List<Finding> synchronous() {
            List<Finding> findings = new ArrayList<>();
            findings.add(Finding.none(writes() + "; lost", lost));
            findings.addAll(always());
            return findings;
        }

        /** What is lost has to be told. */
        List<Finding> asynchronous() {
            List<Finding> findings = new ArrayList<>();
            findings.add(Finding.figure(writes() + "; lost: " + lost.size()));
            findings.add(Finding.none("of these, not told by Consistency-Token-Lost", unflagged));
            findings.addAll(always());
            return findings;
        }

        private String writes() {
            return acknowledged + " acknowledged writes, " + unknown + " of unknown outcome";
        }

        private List<Finding> always() {
            return List.of(
                    Finding.none("visitors who had logged out, and whose tokens work again", back),
                    Finding.none("answers of 500 and above, other than 503", faults),
                    Finding.none(uses + " uses of tokens; accepted later than 1 s after the logout", late));
        }
    }

    /** Waits until all requests have ended. */
    @Override
    public void close() {
        history.close();
        logouts.close();
    }
}
