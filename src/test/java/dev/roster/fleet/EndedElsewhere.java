package dev.roster.fleet;

import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Logs sessions out on A, while all of them are used on B until long after their end. */
final class EndedElsewhere {
    private static final int READERS = 8;
    private static final int LATE = 8;
    private static final Duration BREATH = Duration.ofMillis(5);

    /** Longer than the bar of 4 s. */
    private static final Duration WATCH = Duration.ofMillis(4_200);

    /** Longer than a healthy fleet takes to learn of a logout. */
    private static final Duration SETTLE = Duration.ofMillis(500);

    private final Fleet fleet;
    private final Uses uses;
    private final List<Session> sessions;
    private final List<Session> late;

    EndedElsewhere(Fleet fleet, int count, Uses uses) {
        this.fleet = fleet;
        this.uses = uses;
        Api.TestUser person = fleet.newPerson();
        try (Client a = fleet.a().client()) {
            sessions = Session.begin(a, person.email(), count);
            late = Session.begin(a, person.email(), LATE);
        }
        uses.useAll(sessions, fleet.nodes());
    }

    int count() {
        return sessions.size() + late.size();
    }

    /** Makes the fault, then ends the sessions. Uses them until more than four seconds after the last end. */
    void during(Runnable fault, Duration logouts) {
        try (Loops readers = new Loops();
                Client a = fleet.a().client()) {
            for (int reader = 0; reader < READERS; reader++) {
                List<Session> own = every(READERS, reader);
                Client b = fleet.b().client(); // never closed, as it may hang
                readers.repeat(() -> own.forEach(session -> {
                    uses.use(session, b);
                    Loops.pause(BREATH);
                }));
            }
            fault.run();
            long begun = System.nanoTime();
            for (int i = 0; i < sessions.size(); i++) {
                Loops.pauseUntil(begun + logouts.toNanos() * i / sessions.size());
                sessions.get(i).end(a);
            }
            Loops.pause(WATCH);
        }
    }

    /** Ends more sessions while B recovers. */
    void endLate() {
        try (Client a = fleet.a().client()) {
            late.forEach(session -> session.end(a));
        }
    }

    /** How many of the ended sessions any node still accepts. Call it after the recovery. */
    long acceptedAfterwards() {
        Loops.pause(SETTLE);
        Uses afterwards = new Uses();
        afterwards.useAll(sessions, fleet.nodes());
        afterwards.useAll(late, fleet.nodes());
        return afterwards.acceptedLaterThan(Duration.ZERO);
    }

    private List<Session> every(int step, int first) {
        return IntStream.iterate(first, i -> i < sessions.size(), i -> i + step)
                .mapToObj(sessions::get)
                .toList();
    }
}
