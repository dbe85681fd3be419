package dev.roster.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps polling the readiness and liveness of a node. */
public final class Readiness implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private final Loops probes = new Loops();
    private final Queue<Answer> readiness = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> liveness = new ConcurrentLinkedQueue<>();

    Readiness(Node node) {
        this(node.admin(), node.admin());
    }

    /** Polls over these two clients of the admin port. */
    public Readiness(Client ready, Client alive) {
        probes.repeat(INTERVAL, () -> readiness.add(ready.send(Request.get("/healthcheck"))));
        probes.repeat(INTERVAL, () -> liveness.add(alive.send(Request.get("/ping"))));
    }

    /** The time from this moment to the first failed readiness check, or one day if there was none. */
    public Duration badAfter(long moment) {
        return readiness.stream()
                .filter(answer -> answer.done() > moment && answer.status() != 200)
                .findFirst()
                .map(answer -> Duration.ofNanos(answer.done() - moment))
                .orElse(Duration.ofDays(1));
    }

    /** The time from this moment to the last failed readiness check, or one day if the checks still fail. */
    public Duration goodAfter(long moment) {
        List<Answer> after =
                readiness.stream().filter(answer -> answer.done() > moment).toList();
        if (after.isEmpty() || after.get(after.size() - 1).status() != 200) {
            return Duration.ofDays(1);
        }
        return after.stream()
                .filter(answer -> answer.status() != 200)
                .map(answer -> Duration.ofNanos(answer.done() - moment))
                .reduce((first, last) -> last)
                .orElse(Duration.ZERO);
    }

    /** The failed liveness checks. */
    List<Answer> lifeless() {
        return liveness.stream().filter(answer -> answer.status() != 200).toList();
    }

    Durations livenessTimes() {
        return new Durations(liveness.stream().map(Answer::took).toList());
    }

    @Override
    public void close() {
        probes.close();
    }
}
