package dev.roster.fleet;

import static java.util.stream.Collectors.joining;

import dev.roster.support.Concurrently;
import dev.roster.support.Life;
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

/** Users on each node, one after another, and what the service acknowledged to them. */
final class Journal implements AutoCloseable {
    private static final int LANES = 2;
    private static final int CHECKERS = 4;
    private static final Duration BREATH = Duration.ofMillis(30);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    private final Loops loops = new Loops();
    private final Map<Node, Queue<Life>> lives = new LinkedHashMap<>();

    Journal(Collection<Node> nodes) {
        for (Node node : nodes) {
            Queue<Life> here = new ConcurrentLinkedQueue<>();
            lives.put(node, here);
            Api api = node.api();
            for (int lane = 0; lane < LANES; lane++) {
                loops.repeat(BREATH, () -> {
                    Life life = new Life();
                    here.add(life);
                    life.live(api);
                    if (!life.isComplete()) {
                        Loops.pause(AFTER_FAILURE);
                    }
                });
            }
        }
    }

    /** How many lives on these nodes ended with a failed request. */
    long failedOn(Collection<Node> nodes) {
        return nodes.stream()
                .flatMap(node -> lives.getOrDefault(node, new ConcurrentLinkedQueue<>()).stream())
                .filter(life -> !life.isComplete())
                .count();
    }

    /** The answers that are neither a success nor 503. */
    List<String> faults() {
        return all().flatMap(life -> life.refusals().stream())
                .filter(reply -> reply.status() != 503)
                .map(reply -> reply.status() + " " + reply.text())
                .toList();
    }

    /** The acknowledged changes that this node does not have. Call it after {@link #close}. */
    List<String> lostAccordingTo(Node node) throws Exception {
        Api api = node.api();
        List<Life> everybody = all().toList();
        return Concurrently.run(CHECKERS, Duration.ofMinutes(5), checker -> {
                    List<String> lost = new ArrayList<>();
                    for (int i = checker; i < everybody.size(); i += CHECKERS) {
                        check(everybody.get(i), api, lost);
                    }
                    return lost;
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static void check(Life life, Api api, List<String> lost) {
        try {
            life.expectAsAcknowledged(api);
        } catch (AssertionError e) {
            lost.add(String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private Stream<Life> all() {
        return lives.values().stream().flatMap(Queue::stream);
    }

    /** Waits until every life has ended. */
    @Override
    public void close() {
        loops.close();
    }

    @Override
    public String toString() {
        return Stream.of("register", "update", "logout", "delete")
                .map(request -> acknowledged(request) + " " + request)
                .collect(joining(", ", "acknowledged ", ""));
    }

    private long acknowledged(String request) {
        return all().filter(life -> life.isAcknowledged(request)).count();
    }
}
