package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Api;
import dev.roster.support.Api.TestSession;
import dev.roster.support.Api.TestUser;
import dev.roster.support.Concurrently;
import dev.roster.support.Reply;
import dev.roster.support.RosterExtension;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One person's sessions, driven from 32 threads that know nothing of each other; what they saw is written down with
 * monotonic times and checked afterwards. {@code -Dtest.argLine=-Droster.history.operations=2000} does more a thread.
 */
class SessionHistoryIT {
    private static final int THREADS = 32;
    private static final int OPERATIONS = Integer.getInteger("roster.history.operations", 40);
    private static final long SEED = Long.getLong("roster.history.seed", 20261122L);

    /** So long that every spent token is presented within it: whoever is refused here was revoked. */
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("REFRESH_GRACE", "5m");

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();
    private final List<TestSession> known = new CopyOnWriteArrayList<>();
    private final Map<UUID, Long> opened = new ConcurrentHashMap<>();
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final Queue<End> ends = new ConcurrentLinkedQueue<>();

    @Test
    void holdsNothingThatWasMintedAfterItsEnd() throws Exception {
        for (int i = 0; i < 8; i++) {
            logIn();
        }

        Concurrently.run(THREADS, thread -> {
            Random random = new Random(SEED + thread);
            for (int i = 0; i < OPERATIONS; i++) {
                operate(random);
            }
            return thread;
        });
        // What everybody holds in the end is tried once more: by now every end is complete.
        known.forEach(this::read);
        List.copyOf(known).forEach(this::refresh);

        assertThat(events).extracting(Event::status).isSubsetOf(200, 204, 401, 404, 412);
        assertThat(ends).hasSizeGreaterThan(THREADS);
        assertThat(events)
                .filteredOn(event -> event.name().equals("refresh") && event.status() == 200)
                .hasSizeGreaterThan(4 * THREADS);
        assertThat(events).filteredOn(this::isAcceptedAfterItsEnd).isEmpty();
        assertThat(events).filteredOn(this::isRefusedWithoutAnEnd).isEmpty();
    }

    private boolean isAcceptedAfterItsEnd(Event event) {
        return event.status() != 401
                && ends.stream()
                        .anyMatch(end -> end.sessions().contains(event.session()) && end.answered() < event.begun());
    }

    private boolean isRefusedWithoutAnEnd(Event event) {
        return event.status() == 401
                && ends.stream()
                        .noneMatch(end ->
                                end.mayHaveEnded(event.session(), Objects.requireNonNull(opened.get(event.session())))
                                        && end.begun() < event.answered());
    }

    private void operate(Random random) {
        TestSession session = any(random);
        int choice = random.nextInt(1000);
        if (choice < 430) {
            refresh(session);
        } else if (choice < 830) {
            read(session);
        } else if (choice < 940) {
            logIn();
        } else if (choice < 965) {
            logOut(session);
        } else if (choice < 985) {
            end(session, any(random).id());
        } else if (choice < 996) {
            changePassword(session);
        } else {
            endAll(session);
        }
    }

    /** Mostly a late one, which is likely to be open. */
    private TestSession any(Random random) {
        int size = known.size();
        int from = random.nextInt(8) == 0 ? 0 : Math.max(0, size - 24);
        return known.get(from + random.nextInt(size - from));
    }

    private void logIn() {
        long begun = System.nanoTime();
        Reply reply = api.login(user.email(), Api.PASSWORD);
        if (reply.status() == 200) {
            TestSession session = TestSession.of(reply);
            opened.put(session.id(), begun);
            known.add(session);
        } else { // the hash that it was checked against was changed meanwhile, twice
            reply.expectProblem(401, "invalid-credentials");
        }
    }

    private void refresh(TestSession session) {
        Reply reply = note("refresh", session, () -> api.refresh(session.refreshToken()));
        if (reply.status() == 200) {
            known.add(TestSession.of(reply));
        }
    }

    private void read(TestSession session) {
        note("read", session, () -> api.get(user.path(), session.accessToken()));
    }

    private void logOut(TestSession session) {
        long begun = System.nanoTime();
        api.logout(session.accessToken()).expect(204); // of whatever is over already, too
        ends.add(new End(Set.of(session.id()), null, false, begun, System.nanoTime()));
    }

    private void end(TestSession session, UUID other) {
        String path = user.sessionsPath() + "/" + other;
        endBy(session, Set.of(other), null, false, () -> api.delete(path, session.accessToken()));
    }

    private void endAll(TestSession session) {
        endBy(session, knownIds(), null, true, () -> api.delete(user.sessionsPath(), session.accessToken()));
    }

    private void changePassword(TestSession session) {
        Map<String, String> same = Map.of("password", Api.PASSWORD, "current_password", Api.PASSWORD);
        Set<UUID> others = knownIds();
        others.remove(session.id());
        endBy(session, others, session.id(), true, () -> api.put(user.path(), session.accessToken(), same));
    }

    private Set<UUID> knownIds() {
        return known.stream().map(TestSession::id).collect(Collectors.toSet());
    }

    private void endBy(
            TestSession session, Set<UUID> ended, @Nullable UUID spared, boolean all, Supplier<Reply> request) {
        long begun = System.nanoTime();
        Reply reply = note("end", session, request);
        if (reply.status() == 200 || reply.status() == 204) {
            ends.add(new End(ended, spared, all, begun, System.nanoTime()));
        }
    }

    private Reply note(String name, TestSession session, Supplier<Reply> request) {
        long begun = System.nanoTime();
        Reply reply = request.get();
        events.add(new Event(name, session.id(), begun, System.nanoTime(), reply.status()));
        return reply;
    }

    /**
     * What a thread did with a token of a session, and saw.
     *
     * @param begun by the monotonic clock, in nanoseconds, before the request was sent
     * @param answered the same, once the answer was there whole
     */
    private record Event(String name, UUID session, long begun, long answered, int status) {}

    /**
     * An end that was acknowledged.
     *
     * @param sessions those that it has surely ended
     * @param all whether it ended those that were opened meanwhile too, but for the one that is spared
     */
    private record End(Set<UUID> sessions, @Nullable UUID spared, boolean all, long begun, long answered) {
        boolean mayHaveEnded(UUID session, long openedAt) {
            return sessions.contains(session) || (all && !session.equals(spared) && openedAt < answered);
        }
    }
}
