package dev.roster.fleet;

import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.List;

/** B is suspended while sessions end on A. Its first requests after it resumes use their tokens. */
final class PausedNode implements Experiment {
    private static final int SESSIONS = 20;
    private static final Duration BREATH = Duration.ofMillis(5);
    private static final Duration BEFORE_RESUME = Duration.ofMillis(500);
    private static final Duration AFTER_RESUME = Duration.ofSeconds(1);

    private final Uses uses = new Uses();

    @Override
    public String title() {
        return "B paused, resumed, its first requests with tokens revoked meanwhile";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        Node b = fleet.b();
        Api.TestUser person = fleet.newPerson();
        try (Loops readers = new Loops();
                Client a = fleet.a().client()) {
            List<Session> sessions = Session.begin(a, person.email(), SESSIONS);
            uses.useAll(sessions, fleet.nodes()); // so that B has seen them

            b.freeze();
            long frozen = System.nanoTime();
            sessions.forEach(session -> session.end(a));
            Loops.pauseUntil(frozen + length.pause().minus(BEFORE_RESUME).toNanos());
            for (Session session : sessions) {
                Client client = b.client(); // whose first request waits in the kernel
                readers.repeat(BREATH, () -> uses.use(session, client));
            }
            Loops.pauseUntil(frozen + length.pause().toNanos());
            b.thaw();
            Loops.pause(AFTER_RESUME);
        }
        return List.of(
                Finding.none(
                        "paused for " + length.pause().toSeconds() + " s; accepted uses of " + SESSIONS + " tokens",
                        uses.acceptedLaterThan(Duration.ZERO)),
                Finding.none(
                        "answers other than 401 and 503, or none at all",
                        uses.undecided().stream()
                                .filter(answer -> answer.status() != 503)
                                .toList()));
    }
}
