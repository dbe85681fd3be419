package dev.roster.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a node says of itself on its admin port, all the time. */
final class Readiness implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private final Loops probes = new Loops();
    private final Queue<Answer> readiness = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> liveness = new ConcurrentLinkedQueue<>();

    Readiness(Node node) {
        Client ready = node.admin();
        Client alive = node.admin();
        probes.repeat(INTERVAL, () -> readiness.add(ready.send(Request.get("/healthcheck"))));
        probes.repeat(INTERVAL, () -> liveness.add(alive.send(Request.get("/ping"))));
    }

    /** How long after this moment it first said that it is not ready; more than anyone waits where it never did. */
    Duration badAfter(long moment) {
        return readiness.stream()
                .filter(answer -> answer.done() > moment && answer.status() != 200)
                .findFirst()
                .map(answer -> Duration.ofNanos(answer.done() - moment))
                .orElse(Duration.ofDays(1));
    }

    /** How long after this moment it said for the last time that it is not ready; more than anyone waits where it still does. */
    Duration goodAfter(long moment) {
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

    /** Whatever was not said well when asked whether it lives. */
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
