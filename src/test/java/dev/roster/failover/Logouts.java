package dev.roster.failover;

import dev.roster.fleet.Answer;
import dev.roster.fleet.Client;
import dev.roster.fleet.Loops;
import dev.roster.fleet.Request;
import dev.roster.fleet.Session;
import dev.roster.fleet.Uses;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** One person who logs in on one node and out on another, again and again, while all nodes are used with the tokens. */
final class Logouts implements AutoCloseable {
    private static final Duration BAR = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(60);
    private static final Duration READER_BREATH = Duration.ofMillis(4);
    private static final int REMEMBERED = 30;

    private final Loops loops = new Loops();
    private final Uses uses = new Uses();
    private final Queue<Session> ended = new ConcurrentLinkedQueue<>();
    private final Queue<Session> recent = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rounds = new AtomicInteger();

    /** Starts. */
    Logouts(List<Node> nodes) {
        Api.TestUser person = nodes.get(0).api().newUser();
        List<Client> clients = nodes.stream().map(Node::client).toList(); // never closed, as they may hang
        loops.repeat(BREATH, () -> {
            int round = rounds.getAndIncrement();
            Answer login = clients.get(round % clients.size()).send(Request.logIn(person.email(), Api.PASSWORD));
            if (login.status() == 200) {
                Session session = Session.of(login.expect(200));
                remember(session);
                Answer logout =
                        clients.get((round / clients.size()) % clients.size()).send(Request.logOut(session.token()));
                if (logout.status() == 204) {
                    session.endedBy(logout);
                    ended.add(session);
                }
            }
        });
        for (Node node : nodes) {
            Client client = node.client();
            loops.repeat(
                    READER_BREATH,
                    () -> recent.forEach(session -> {
                        uses.use(session, client);
                        Loops.pause(READER_BREATH);
                    }));
        }
    }

    private void remember(Session session) {
        recent.add(session);
        if (recent.size() > REMEMBERED) {
            recent.remove();
        }
    }

    Uses uses() {
        return uses;
    }

    long acceptedLate() {
        return uses.acceptedLaterThan(BAR);
    }

    /** The answers that are faults. */
    List<Answer> faults() {
        return uses.undecided().stream()
                .filter(answer -> answer.status() >= 500 && answer.status() != 503)
                .toList();
    }

    /** The refreshes that this node accepts after the logout. */
    long refreshed(Node node) {
        try (Client client = node.client()) {
            return ended.stream()
                    .filter(session -> Session.sendUntilAvailable(client, Request.refresh(session.refreshToken()))
                            .accepted())
                    .count();
        }
    }

    @Override
    public void close() {
        loops.close();
    }

    @Override
    public String toString() {
        return ended.size() + " logouts, " + uses.count() + " uses";
    }
}
