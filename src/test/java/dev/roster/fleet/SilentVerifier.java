package dev.roster.fleet;

import dev.roster.apikey.Scope;
import dev.roster.support.Concurrently;
import dev.roster.support.fault.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Another service checks tokens offline. It holds B's stream of revocations through a link that goes silent at random
 * moments, while sessions end on A and C. The service is offered their tokens again and again.
 */
final class SilentVerifier implements Experiment {
    private static final int PER_ROUND = 25;
    private static final int READERS = 4;
    private static final Duration BAR = Duration.ofSeconds(1);
    private static final Duration RECOVERY_BAR = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BREATH = Duration.ofMillis(5);

    /** How long the logouts of a round take. */
    private static final Duration LOGOUTS = Duration.ofMillis(1_500);

    private static final Duration SHORTEST_SILENCE = Duration.ofMillis(200);

    /** Long enough to see that the verifier refuses. Every second silence is longer, the others are shorter. */
    private static final Duration LONG_SILENCE = Duration.ofMillis(1_500);

    /** The verifier drops a connection after two seconds without a byte. */
    private static final Duration LONGEST_SILENCE = Duration.ofMillis(3_500);

    /** How long a token is used after its end. Longer than the bar. */
    private static final Duration WATCH = Duration.ofMillis(1_300);

    private final Uses uses = new Uses();
    private final Queue<Answer> alive = new ConcurrentLinkedQueue<>();
    private final List<Silence> silences = new ArrayList<>();

    /** Times of {@link System#nanoTime}. The link was silent from {@code begun} to {@code ended}. */
    private record Silence(long begun, long ended, long recovered) {
        /** Whether a use came so late within the silence that the verifier cannot vouch for its token any more. */
        boolean coversStale(Answer answer) {
            return answer.sent() - begun > BAR.toNanos() && answer.done() < ended;
        }

        boolean touches(Answer answer) {
            return answer.done() >= begun && answer.sent() <= recovered;
        }
    }

    @Override
    public String title() {
        return "logouts on A and C, while an offline verifier loses its stream from B";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) throws Exception {
        if (!fleet.hasPublicKeys()) {
            return List.of(Finding.figure("left out: there are no public keys"));
        }
        String email = fleet.newPerson().email();
        try (Link link = Link.to(fleet.b().address().toString());
                OtherService service = OtherService.start(link.url(), fleet.a().newKey(Scope.REVOCATIONS));
                Client a = fleet.a().client()) {
            Session living = Session.begin(a, email);
            service.awaitAccepts(living.token());
            for (int round = 0; round < length.verifierLogouts() / PER_ROUND; round++) {
                run(new Round(fleet, service, link, email), living);
            }
        }
        return findings(length.verifierLogouts());
    }

    private record Round(Fleet fleet, OtherService service, Link link, String email) {}

    private void run(Round round, Session living) throws Exception {
        List<Session> sessions;
        try (Client a = round.fleet().a().client();
                Client service = round.service().client()) {
            sessions = Session.begin(a, round.email(), PER_ROUND);
            sessions.forEach(session -> alive.add(uses.use(session, service)));
        }
        try (Loops readers = new Loops()) {
            for (int reader = 0; reader < READERS; reader++) {
                List<Session> own = every(READERS, reader, sessions);
                Client client = round.service().client();
                readers.repeat(() -> own.forEach(session -> {
                    uses.use(session, client);
                    Loops.pause(BREATH);
                }));
            }
            Client client = round.service().client();
            readers.repeat(BREATH, () -> alive.add(client.send(Request.me(living.token()))));
            List<Node> nodes = List.of(round.fleet().a(), round.fleet().c());
            silences.addAll(Concurrently.run(
                            nodes.size() + 1,
                            PATIENCE,
                            task -> task < nodes.size()
                                    ? logOut(every(nodes.size(), task, sessions), nodes.get(task))
                                    : List.of(silence(round, living)))
                    .stream()
                    .flatMap(List::stream)
                    .toList());
            Loops.pause(WATCH);
        }
    }

    private static List<Silence> logOut(List<Session> sessions, Node node) {
        long begun = System.nanoTime();
        try (Client client = node.client()) {
            for (int i = 0; i < sessions.size(); i++) {
                Loops.pauseUntil(begun + LOGOUTS.toNanos() * i / sessions.size());
                sessions.get(i).end(client);
            }
        }
        return List.of();
    }

    private Silence silence(Round round, Session living) {
        boolean isLong = silences.size() % 2 == 0;
        Loops.pause(between(Duration.ZERO, LOGOUTS));
        long begun = System.nanoTime();
        round.link().halfOpen();
        Loops.pause(isLong ? between(LONG_SILENCE, LONGEST_SILENCE) : between(SHORTEST_SILENCE, LONG_SILENCE));
        long ended = System.nanoTime();
        round.link().restore();
        round.service().awaitAccepts(living.token());
        return new Silence(begun, ended, System.nanoTime());
    }

    private static Duration between(Duration shortest, Duration longest) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(shortest.toNanos(), longest.toNanos()));
    }

    private static List<Session> every(int step, int first, List<Session> sessions) {
        return IntStream.iterate(first, i -> i < sessions.size(), i -> i + step)
                .mapToObj(sessions::get)
                .toList();
    }

    private List<Finding> findings(int logouts) {
        List<Answer> working = alive.stream()
                .filter(answer -> silences.stream().noneMatch(silence -> silence.touches(answer)))
                .toList();
        List<Answer> stale = alive.stream()
                .filter(answer -> silences.stream().anyMatch(silence -> silence.coversStale(answer)))
                .toList();
        long refused = working.stream().filter(answer -> !answer.accepted()).count();
        long vouched = stale.stream().filter(Answer::accepted).count();
        return List.of(
                Finding.figure(logouts + " logouts, " + silences.size() + " silences, " + uses.count() + " uses; lag "
                        + uses.lags()),
                Finding.none("accepted uses later than 1 s after logout's 204", uses.acceptedLaterThan(BAR)),
                Finding.none("live tokens refused with another status than 503", invalid()),
                Finding.timely(
                        working.size() + " uses of live tokens while the stream works; refused: " + refused,
                        "0",
                        refused == 0),
                Finding.right(
                        stale.size() + " uses of a live token after a second of silence; accepted: " + vouched,
                        "0",
                        vouched == 0 && !stale.isEmpty()),
                Finding.within(
                        "the service accepts again by itself after",
                        recoveries().max(),
                        RECOVERY_BAR));
    }

    private List<Answer> invalid() {
        return alive.stream()
                .filter(answer -> !answer.accepted() && answer.status() != 503)
                .toList();
    }

    private Durations recoveries() {
        return new Durations(silences.stream()
                .map(silence -> Duration.ofNanos(silence.recovered() - silence.ended()))
                .toList());
    }
}
