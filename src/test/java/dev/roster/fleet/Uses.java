package dev.roster.fleet;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Every use of a token that an experiment ends, with its answer. Thread-safe. */
public final class Uses {
    private final Queue<Use> uses = new ConcurrentLinkedQueue<>();

    private record Use(Session session, String node, Answer answer) {
        /** The time from the end of the token to this use. Negative if the use came first. */
        Duration age() {
            return session.ended().isPresent()
                    ? Duration.ofNanos(answer.sent() - session.ended().getAsLong())
                    : Duration.ofDays(-1);
        }
    }

    /** Reads a user with the token. */
    public Answer use(Session session, Client client) {
        Answer answer = client.send(Request.me(session.token()));
        uses.add(new Use(session, client.name(), answer));
        return answer;
    }

    /** Uses each token once on each node. */
    void useAll(Collection<Session> sessions, Collection<Node> nodes) {
        for (Node node : nodes) {
            try (Client client = node.client()) {
                sessions.forEach(session -> use(session, client));
            }
        }
    }

    public int count() {
        return uses.size();
    }

    /** When the last accepted use by this node was sent, after this moment. Empty if it accepted none. */
    public OptionalLong lastAccepted(String node, long since) {
        return uses.stream()
                .filter(use -> use.node().equals(node) && use.answer().accepted())
                .mapToLong(use -> use.answer().sent())
                .filter(sent -> sent > since)
                .max();
    }

    /** How many uses were accepted although they began longer than this after the end of their token. */
    public long acceptedLaterThan(Duration bar) {
        return uses.stream()
                .filter(use -> use.answer().accepted() && use.age().compareTo(bar) > 0)
                .count();
    }

    /**
     * For each token and node: the time from the end of the token to the first use after which the node accepted none.
     */
    public Durations lags() {
        return new Durations(uses.stream()
                .filter(use -> use.session().ended().isPresent())
                .collect(groupingBy(use -> List.of(use.session(), use.node())))
                .values()
                .stream()
                .filter(ofOne -> ofOne.stream().anyMatch(use -> !use.age().isNegative()))
                .map(Uses::lag)
                .toList());
    }

    /** If the last use was accepted, the lag is at least the age of that use. */
    private static Duration lag(List<Use> ofOne) {
        List<Use> lastFirst =
                ofOne.stream().sorted(comparing(Use::age).reversed()).toList();
        Duration lag = lastFirst.stream()
                .takeWhile(use -> !use.answer().accepted())
                .reduce((later, earlier) -> earlier)
                .orElse(lastFirst.get(0))
                .age();
        return lag.isNegative() ? Duration.ZERO : lag;
    }

    /** The answers that neither accept nor refuse the token. */
    public List<Answer> undecided() {
        return answers()
                .filter(answer -> !answer.accepted() && answer.status() != 401)
                .toList();
    }

    Durations times() {
        return new Durations(answers().map(Answer::took).toList());
    }

    private Stream<Answer> answers() {
        return uses.stream().map(Use::answer);
    }
}
