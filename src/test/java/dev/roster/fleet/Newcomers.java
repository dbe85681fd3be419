package dev.roster.fleet;

import dev.roster.support.Poll;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** People who register on all nodes at the same time, each with a new address. Thread-safe. */
final class Newcomers implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMillis(20);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Loops loops = new Loops();
    private final Queue<Registration> registrations = new ConcurrentLinkedQueue<>();
    private final Semaphore admitted = new Semaphore(0);
    private final AtomicInteger missing = new AtomicInteger();

    /** A registration and its answer. */
    record Registration(String email, Answer answer) {}

    /** @param prefixes of addresses: on each node, one person at a time registers for each of them */
    Newcomers(Collection<Node> nodes, List<String> prefixes) {
        for (Node node : nodes) {
            for (String prefix : prefixes) {
                Client client = node.client(); // never closed, as it may hang
                loops.repeat(() -> register(client, prefix));
            }
        }
    }

    /** Lets this many people register. Whoever fails is replaced by somebody else. */
    void admit(int count) {
        missing.addAndGet(count);
        admitted.release(count);
    }

    /** Waits until as many people as were admitted are registered. */
    void awaitRegistered() {
        Poll.until("all are registered", PATIENCE, () -> missing.get() == 0);
    }

    private void register(Client client, String prefix) {
        if (!admitted.tryAcquire()) {
            Loops.pause(IDLE);
            return;
        }
        String email = prefix + Api.newEmail();
        Answer answer = client.send(Request.post("/api/v1/auth/register", Api.newBody(email)));
        registrations.add(new Registration(email, answer));
        if (answer.status() == 201) {
            missing.decrementAndGet();
        } else {
            admitted.release();
            Loops.pause(AFTER_FAILURE);
        }
    }

    /** The addresses of the registrations with this status; with 0, of those without an answer. */
    List<String> emails(int status) {
        return registrations.stream()
                .filter(registration -> registration.answer().status() == status)
                .map(Registration::email)
                .toList();
    }

    /** The answers with another status than 201 and 503. */
    List<Answer> faults() {
        return registrations.stream()
                .map(Registration::answer)
                .filter(answer -> !List.of(0, 201, 503).contains(answer.status()))
                .toList();
    }

    @Override
    public void close() {
        loops.close();
    }
}
