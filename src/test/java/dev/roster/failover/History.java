package dev.roster.failover;

import dev.roster.failover.Visitor.Loss;
import dev.roster.failover.Visitor.Write;
import dev.roster.fleet.Answer;
import dev.roster.fleet.Client;
import dev.roster.fleet.Loops;
import dev.roster.fleet.Request;
import dev.roster.fleet.Session;
import dev.roster.support.Concurrently;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Visitors on each node, one after another, and what each write was answered: acknowledged (2xx), refused (4xx), or
 * unknown (503, or no answer).
 */
final class History implements AutoCloseable {
    private static final int LANES = 2;
    private static final int CHECKERS = 3;
    private static final Duration BREATH = Duration.ofMillis(40);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration CHECK = Duration.ofMinutes(5);
    private static final String POSITION = "Consistency-Token";
    private static final String LOST = "Consistency-Token-Lost";

    private final Loops loops = new Loops();
    private final List<Node> nodes;
    private final Map<Node, Queue<Visitor>> visitors = new LinkedHashMap<>();

    /**
     * What the service lost.
     *
     * @param unflagged the lost writes whose position the service does not call lost
     * @param back visitors who logged out, and one of whose tokens is accepted
     */
    record Losses(List<Loss> lost, List<Loss> unflagged, List<String> back) {}

    /** Starts the visits. */
    History(List<Node> nodes) {
        this.nodes = nodes;
        for (Node node : nodes) {
            Queue<Visitor> here = new ConcurrentLinkedQueue<>();
            visitors.put(node, here);
            for (int lane = 0; lane < LANES; lane++) {
                Client client = node.client(); // never closed, as it may hang
                loops.repeat(BREATH, () -> {
                    Visitor visitor = new Visitor();
                    visitor.live(client);
                    here.add(visitor);
                    if (!visitor.isComplete()) {
                        Loops.pause(AFTER_FAILURE);
                    }
                });
            }
        }
    }

    /** The longest time without an acknowledged write on a node, after this moment. */
    Duration longestPause(long since) {
        return visitors.values().stream()
                .map(here -> longestPause(here, since))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    private static Duration longestPause(Collection<Visitor> here, long since) {
        List<Long> times = answers(here)
                .filter(Answer::accepted)
                .map(Answer::done)
                .filter(done -> done > since)
                .sorted()
                .toList();
        long longest = times.isEmpty() ? Duration.ofDays(1).toNanos() : 0;
        long last = since;
        for (long time : times) {
            longest = Math.max(longest, time - last);
            last = time;
        }
        return Duration.ofNanos(longest);
    }

    /**
     * The time from this moment until writes work again on every node: until the end of the longest pause between two
     * acknowledged ones, and until the first acknowledged one after the last failure.
     */
    Duration recovery(long since) {
        return visitors.values().stream()
                .map(here -> recovery(here, since))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    private static Duration recovery(Collection<Visitor> here, long since) {
        List<Answer> after = answers(here)
                .filter(answer -> answer.done() > since)
                .sorted((one, other) -> Long.compare(one.done(), other.done()))
                .toList();
        long last = since;
        long longest = 0;
        long recovered = since;
        boolean failed = false;
        for (Answer answer : after) {
            if (answer.accepted()) {
                if (failed || answer.done() - last > longest) {
                    recovered = answer.done();
                    longest = Math.max(longest, answer.done() - last);
                }
                last = answer.done();
                failed = false;
            } else {
                failed = true;
            }
        }
        return failed ? Duration.ofDays(1) : Duration.ofNanos(recovered - since);
    }

    /** Whether every node has acknowledged a write that began after this moment. */
    boolean writesSince(long moment) {
        return visitors.values().stream()
                .allMatch(here -> answers(here).anyMatch(answer -> answer.begun() > moment && answer.accepted()));
    }

    /** The answers of one node that acknowledged a write which began after this moment. */
    List<Answer> acknowledged(Node node, long since) {
        return answers(visitors.getOrDefault(node, new ConcurrentLinkedQueue<>()))
                .filter(answer -> answer.begun() > since && answer.accepted())
                .toList();
    }

    /** How long each request took. */
    List<Duration> times() {
        return answers(all()).map(Answer::took).toList();
    }

    /** The answers that are no success. */
    List<Answer> failures() {
        return answers(all()).filter(answer -> !answer.accepted()).toList();
    }

    /** The answers that are faults: neither a success, nor a refusal, nor 503. No answer is not a fault. */
    List<Answer> faults() {
        return answers(all())
                .filter(answer -> answer.status() >= 500 && answer.status() != 503)
                .toList();
    }

    /** Compares what was acknowledged with what the nodes have. Call it after {@link #close}. */
    Losses check() throws Exception {
        Api.TestUser reader = newReader();
        List<Visitor> everybody = all();
        List<Losses> found = Concurrently.run(CHECKERS, CHECK, checker -> {
            Losses losses = new Losses(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            try (Client client = nodes.get(checker % nodes.size()).client()) {
                for (int i = checker; i < everybody.size(); i += CHECKERS) {
                    check(everybody.get(i), client, reader, losses);
                }
            }
            return losses;
        });
        return new Losses(
                found.stream().flatMap(losses -> losses.lost().stream()).toList(),
                found.stream().flatMap(losses -> losses.unflagged().stream()).toList(),
                found.stream().flatMap(losses -> losses.back().stream()).toList());
    }

    private Api.TestUser newReader() {
        return nodes.get(0).api().newUser();
    }

    private static void check(Visitor visitor, Client client, Api.TestUser reader, Losses losses) {
        visitor.findLoss(client).ifPresent(loss -> {
            losses.lost().add(loss);
            if (!isFlagged(loss, client, reader)) {
                losses.unflagged().add(loss);
            }
        });
        if (visitor.isBack(client)) {
            losses.back().add(visitor.toString());
        }
    }

    private static boolean isFlagged(Loss loss, Client client, Api.TestUser reader) {
        Request read = Request.me(reader.token()).with(POSITION, loss.position());
        return !loss.position().isEmpty()
                && "true".equals(Session.sendUntilAvailable(client, read).header(LOST));
    }

    private List<Visitor> all() {
        return visitors.values().stream().flatMap(Queue::stream).toList();
    }

    private static Stream<Answer> answers(Collection<Visitor> visitors) {
        return visitors.stream().flatMap(visitor -> visitor.answers().values().stream());
    }

    /** Waits until every visit has ended. */
    @Override
    public void close() {
        loops.close();
    }

    /** How many writes were acknowledged. */
    long acknowledged() {
        List<Visitor> everybody = all();
        return Stream.of(Write.values())
                .mapToLong(write -> everybody.stream()
                        .filter(visitor -> visitor.isAcknowledged(write))
                        .count())
                .sum();
    }

    /** How many writes may have happened or not. */
    long unknown() {
        return answers(all())
                .filter(answer -> answer.status() == 0 || answer.status() == 503)
                .count();
    }
}
