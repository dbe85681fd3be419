package dev.roster.command.session;

import dev.roster.support.Concurrently;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
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

/**
 * Uses one user's sessions from uncoordinated threads and records each answer with monotonic times.
 * {@code -Dtest.argLine=-Droster.history.operations=2000} sets the operations of a thread,
 * {@code -Droster.history.seed=7} chooses other operations.
 */
final class SessionHistory {
    static final int THREADS = 32;

    private static final int OPERATIONS = Integer.getInteger("roster.history.operations", 60);
    private static final long SEED = Long.getLong("roster.history.seed", 20261122L);
    private static final Duration PATIENCE = Duration.ofSeconds(60).plusMillis(250L * OPERATIONS);

    private final Api api;
    private final TestUser user;
    private final List<TestSession> known = new CopyOnWriteArrayList<>();
    private final Map<UUID, Long> opened = new ConcurrentHashMap<>();
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final Queue<End> ends = new ConcurrentLinkedQueue<>();

    private SessionHistory(Api api) {
        this.api = api;
        this.user = api.newUser();
    }

    static SessionHistory of(Api api) throws Exception {
        SessionHistory history = new SessionHistory(api);
        for (int i = 0; i < 8; i++) {
            history.logIn();
        }
        Concurrently.run(THREADS, PATIENCE, thread -> {
            Random random = new Random(SEED + thread);
            for (int i = 0; i < OPERATIONS; i++) {
                history.operate(random);
            }
            return thread;
        });
        // Try every known token once more: by now every end is complete.
        history.known.forEach(history::read);
        return history;
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<End> ends() {
        return List.copyOf(ends);
    }

    boolean isAcceptedAfterItsEnd(Event event) {
        return event.status() != 401
                && ends.stream()
                        .anyMatch(end -> end.sessions().contains(event.session()) && end.answered() < event.begun());
    }

    boolean isRefusedWithoutAnEnd(Event event) {
        long openedAt = Objects.requireNonNull(opened.get(event.session()));
        return event.status() == 401
                && ends.stream()
                        .filter(end -> !end.name().equals("refused refresh"))
                        .noneMatch(
                                end -> end.mayHaveEnded(event.session(), openedAt) && end.begun() < event.answered());
    }

    /** The sessions whose tokens lead to more than one live successor. */
    Set<UUID> forks() {
        Set<UUID> forks = new HashSet<>();
        known.stream().collect(Collectors.groupingBy(TestSession::id)).forEach((id, tokens) -> {
            String live = null;
            for (TestSession token : new ArrayList<>(tokens)) {
                if (token.refreshToken().equals(live)) {
                    continue; // presenting it would spend it
                }
                Reply reply = api.refresh(token.refreshToken());
                String successor = reply.body().path("refresh_token").asText();
                if (reply.status() == 200 && live != null && !live.equals(successor)) {
                    forks.add(id);
                }
                live = reply.status() == 200 ? successor : live;
            }
        });
        return forks;
    }

    private void operate(Random random) {
        TestSession session = any(random);
        int choice = random.nextInt(1000);
        if (choice < 430) {
            refresh(session);
        } else if (choice < 830) {
            read(session);
        } else if (choice < 920) {
            refreshOwn(logIn());
        } else if (choice < 945) {
            logOut(session);
        } else if (choice < 955) {
            end(session, any(random).id());
        } else if (choice < 970) {
            endOwn(logIn());
        } else if (choice < 990) {
            changePassword(logIn());
        } else {
            endAll(logIn());
        }
    }

    /** Mostly a recent session, which is probably still open. */
    private TestSession any(Random random) {
        int size = known.size();
        int from = random.nextInt(8) == 0 ? 0 : Math.max(0, size - 24);
        return known.get(from + random.nextInt(size - from));
    }

    private Set<UUID> knownIds() {
        return known.stream().map(TestSession::id).collect(Collectors.toSet());
    }

    private @Nullable TestSession logIn() {
        long begun = System.nanoTime();
        Reply reply = api.login(user.email(), Api.PASSWORD);
        if (reply.status() != 200) { // the hash changed twice during the check
            reply.expectProblem(401, "invalid-credentials");
            return null;
        }
        TestSession session = TestSession.of(reply);
        opened.put(session.id(), begun);
        known.add(session);
        return session;
    }

    private void refresh(TestSession session) {
        long begun = System.nanoTime();
        Reply reply = note("refresh", session, () -> api.refresh(session.refreshToken()));
        if (reply.status() == 200) {
            known.add(TestSession.of(reply));
        } else { // the session had ended, or has now
            ends.add(new End("refused refresh", Set.of(session.id()), null, false, begun, System.nanoTime()));
        }
    }

    /** Almost always succeeds, because no other thread had time to spend the token. */
    private void refreshOwn(@Nullable TestSession session) {
        if (session != null) {
            refresh(session);
        }
    }

    private void read(TestSession session) {
        note("read", session, () -> api.get(user.path(), session.accessToken()));
    }

    private void logOut(TestSession session) {
        long begun = System.nanoTime();
        api.logout(session.accessToken()).expect(204); // even if the session has ended
        ends.add(new End("log out", Set.of(session.id()), null, false, begun, System.nanoTime()));
    }

    private void end(TestSession session, UUID other) {
        String path = user.sessionsPath() + "/" + other;
        endBy("end", session, Set.of(other), null, false, () -> api.delete(path, session.accessToken()));
    }

    private void endOwn(@Nullable TestSession session) {
        if (session != null) {
            end(session, session.id());
        }
    }

    private void endAll(@Nullable TestSession session) {
        if (session != null) {
            endBy(
                    "end all",
                    session,
                    knownIds(),
                    null,
                    true,
                    () -> api.delete(user.sessionsPath(), session.accessToken()));
        }
    }

    private void changePassword(@Nullable TestSession session) {
        if (session != null) {
            Map<String, String> same = Map.of("password", Api.PASSWORD, "current_password", Api.PASSWORD);
            Set<UUID> others = knownIds();
            others.remove(session.id());
            endBy(
                    "change password",
                    session,
                    others,
                    session.id(),
                    true,
                    () -> api.put(user.path(), session.accessToken(), same));
        }
    }

    private void endBy(
            String name,
            TestSession session,
            Set<UUID> ended,
            @Nullable UUID spared,
            boolean all,
            Supplier<Reply> request) {
        long begun = System.nanoTime();
        Reply reply = note(name, session, request);
        if (reply.status() == 200 || reply.status() == 204) {
            ends.add(new End(name, ended, spared, all, begun, System.nanoTime()));
        }
    }

    private Reply note(String name, TestSession session, Supplier<Reply> request) {
        long begun = System.nanoTime();
        Reply reply = request.get();
        events.add(new Event(name, session.id(), begun, System.nanoTime(), reply.status()));
        return reply;
    }

    /**
     * A request with a token of the session, and its answer.
     *
     * @param begun the monotonic time in nanoseconds before the request was sent
     * @param answered the monotonic time in nanoseconds after the whole answer had arrived
     */
    record Event(String name, UUID session, long begun, long answered, int status) {}

    /**
     * A request that ended sessions, or a refused refresh, which proves that its session has ended.
     *
     * @param sessions the sessions that have ended for certain
     * @param spared the session that stays open
     * @param all whether sessions opened meanwhile have ended too, except the spared one
     */
    record End(String name, Set<UUID> sessions, @Nullable UUID spared, boolean all, long begun, long answered) {
        boolean mayHaveEnded(UUID session, long openedAt) {
            return sessions.contains(session) || (all && !session.equals(spared) && openedAt < answered);
        }
    }
}
