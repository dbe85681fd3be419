package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.client.Patience;
import dev.roster.client.ProblemException;
import dev.roster.client.ProblemException.InvalidMember;
import dev.roster.client.Roster;
import dev.roster.client.TokenStorage;
import dev.roster.client.Tokens;
import dev.roster.client.api.AuthenticationApi;
import dev.roster.client.api.UsersApi;
import dev.roster.client.invoker.ApiException;
import dev.roster.client.model.ProblemType;
import dev.roster.client.model.RefreshSession;
import dev.roster.client.model.RegisterUser;
import dev.roster.client.model.TokenPair;
import dev.roster.client.model.User;
import dev.roster.client.model.UserPage;
import dev.roster.clients.FakeServer.Answer;
import dev.roster.clients.FakeServer.Handler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java package: tokens, refreshes, repeats and errors. */
class JavaPackageIT {
    private static final String GET_ME = "GET /api/v1/users/me";
    private static final String LIST = "GET /api/v1/users";
    private static final String REFRESH = "POST /api/v1/auth/refresh";
    private static final String PASSWORD = "Kpass2000$";
    private static final int THREADS = 20;
    private static final AtomicInteger USERS = new AtomicInteger();

    private final TokenStorage storage = TokenStorage.inMemory();
    private final AtomicInteger loggedOut = new AtomicInteger();

    @Test
    void manyThreadsWithARefusedAccessTokenShareOneRefresh() throws Exception {
        CountDownLatch calls = new CountDownLatch(THREADS);
        AtomicInteger refreshed = new AtomicInteger();
        Handler handler = (request, forward) -> {
            if (request.equals(GET_ME)) {
                calls.countDown();
                calls.await();
            }
            Answer answer = forward.send();
            if (request.equals(REFRESH) && answer.status() == 200) {
                refreshed.incrementAndGet();
            }
            return answer;
        };
        try (FakeServer server = new FakeServer(Service.ADDRESS, handler)) {
            Roster roster = loggedInWithRefusedToken(server);
            UsersApi users = new UsersApi(roster.apiClient());

            List<User> found = together(() -> users.getMe(null, null, null));

            assertThat(found).hasSize(THREADS).containsOnly(users.getMe(null, null, null));
            assertThat(refreshed).hasValue(1);
        }
    }

    @Test
    void refreshIsSentAgainIfItsAnswerIsLost() throws Exception {
        AtomicBoolean lost = new AtomicBoolean();
        Handler handler = (request, forward) -> {
            Answer answer = forward.send();
            return request.equals(REFRESH) && !lost.getAndSet(true) ? Answer.LOST : answer;
        };
        try (FakeServer server = new FakeServer(Service.ADDRESS, handler)) {
            Roster roster = loggedInWithRefusedToken(server);

            User user = new UsersApi(roster.apiClient()).getMe(null, null, null);

            assertThat(user.getName()).isEqualTo("Viola");
            assertThat(server.count(REFRESH)).isEqualTo(2);
            assertThat(loggedOut).hasValue(0);
        }
    }

    @Test
    void reusedRefreshTokenLogsTheUserOut() throws Exception {
        String withoutGrace = System.getenv("ROSTER_URL_WITHOUT_GRACE");
        assumeTrue(withoutGrace != null, "ROSTER_URL_WITHOUT_GRACE is not set");
        try (FakeServer server = new FakeServer(URI.create(withoutGrace), (request, forward) -> forward.send())) {
            Roster roster = loggedInWithRefusedToken(server);
            AuthenticationApi thief =
                    new AuthenticationApi(Roster.at(server.basePath()).build().apiClient());
            TokenPair stolen = thief.refresh(new RefreshSession()
                    .refreshToken(storage.load().orElseThrow().refreshToken()));
            UsersApi users = new UsersApi(roster.apiClient());

            ProblemException problem = problemOf(() -> users.getMe(null, null, null));

            assertThat(problem.is(ProblemType.URN_ROSTER_PROBLEM_INVALID_TOKEN)).isTrue();
            assertThat(loggedOut).hasValue(1);
            assertThat(roster.isLoggedIn()).isFalse();
            assertThat(problemOf(() -> users.getMe(null, null, null))
                            .is(ProblemType.URN_ROSTER_PROBLEM_UNAUTHENTICATED))
                    .isTrue();
            assertThat(loggedOut).hasValue(1);
            assertThat(problemOf(() -> thief.refresh(new RefreshSession().refreshToken(stolen.getRefreshToken())))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void refreshThatFailsKeepsTheTokens() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        Handler handler =
                (request, forward) -> request.equals(REFRESH) && down.get() ? Answer.busy("never") : forward.send();
        try (FakeServer server = new FakeServer(Service.ADDRESS, handler)) {
            UsersApi users = new UsersApi(loggedInWithRefusedToken(server).apiClient());
            Optional<Tokens> before = storage.load();

            assertThat(problemOf(() -> users.getMe(null, null, null)).status()).isEqualTo(503);

            assertThat(storage.load()).isEqualTo(before);
            assertThat(loggedOut).hasValue(0);
            down.set(false);
            assertThat(users.getMe(null, null, null).getName()).isEqualTo("Viola");
        }
    }

    @Test
    void loginDuringARefreshIsKept() throws Exception {
        Tokens other = new Tokens("other", "other");
        Handler handler = (request, forward) -> {
            Answer answer = forward.send();
            if (request.equals(REFRESH)) {
                storage.save(Optional.of(other));
            }
            return answer;
        };
        try (FakeServer server = new FakeServer(Service.ADDRESS, handler)) {
            UsersApi users = new UsersApi(loggedInWithRefusedToken(server).apiClient());

            problemOf(() -> users.getMe(null, null, null));

            assertThat(storage.load()).contains(other);
        }
    }

    @Test
    void logoutEndsTheSessionAndRemovesTheTokens() throws Exception {
        try (FakeServer server = new FakeServer(Service.ADDRESS, (request, forward) -> forward.send())) {
            Roster roster = loggedIn(server);
            String refreshToken = storage.load().orElseThrow().refreshToken();

            roster.logOut();

            assertThat(roster.isLoggedIn()).isFalse();
            assertThat(loggedOut).hasValue(0);
            AuthenticationApi authentication = new AuthenticationApi(roster.apiClient());
            assertThat(problemOf(() -> authentication.refresh(new RefreshSession().refreshToken(refreshToken)))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void readIsRepeatedWhileTheServiceIsBusy() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Handler handler = (request, forward) ->
                requests.incrementAndGet() < 3 ? Answer.busy("0") : json(200, "{\"users\": [], \"next_cursor\": null}");
        try (FakeServer server = new FakeServer(Service.ADDRESS, handler)) {
            assertThat(list(server).getUsers()).isEmpty();

            assertThat(server.count(LIST)).isEqualTo(3);
        }
    }

    @Test
    void readIsRepeatedThreeTimesAtMost() throws Exception {
        try (FakeServer server = new FakeServer(Service.ADDRESS, (request, forward) -> Answer.busy("0"))) {
            assertThat(problemOf(() -> list(server)).status()).isEqualTo(503);

            assertThat(server.count(LIST)).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"11", "soon"})
    void readIsNotRepeatedIfTheWaitIsLongOrUnknown(String retryAfter) throws Exception {
        try (FakeServer server = new FakeServer(Service.ADDRESS, (request, forward) -> Answer.busy(retryAfter))) {
            assertThat(problemOf(() -> list(server)).status()).isEqualTo(503);

            assertThat(server.count(LIST)).isEqualTo(1);
        }
    }

    @Test
    void changeIsNotRepeatedBecauseTheServiceMayHaveMadeIt() throws Exception {
        try (FakeServer server = new FakeServer(Service.ADDRESS, (request, forward) -> Answer.busy("0"))) {
            Roster roster = Roster.at(server.basePath()).build();

            assertThat(problemOf(() -> register(roster, "viola@java.example")).status())
                    .isEqualTo(503);

            assertThat(server.count("POST /api/v1/auth/register")).isEqualTo(1);
        }
    }

    @Test
    @Timeout(60)
    void interruptEndsTheWaitForABusyService() throws Exception {
        try (FakeServer server = new FakeServer(Service.ADDRESS, (request, forward) -> Answer.busy("600"))) {
            Roster roster = Roster.at(server.basePath())
                    .patience(new Patience(1, Duration.ofHours(1)))
                    .build();
            UsersApi users = new UsersApi(roster.apiClient());
            FutureTask<Throwable> call = new FutureTask<>(() -> catchThrowable(() -> users.getMe(null, null, null)));
            Thread thread = new Thread(call);
            thread.start();
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            thread.interrupt();

            assertThat(call.get()).isInstanceOf(ApiException.class).hasCauseInstanceOf(InterruptedException.class);
            assertThat(server.count(GET_ME)).isEqualTo(1);
        }
    }

    @Test
    @Timeout(60)
    void interruptedThreadLeavesTheRefreshToTheOthers() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Handler handler = (request, forward) -> {
            if (request.equals(REFRESH)) {
                started.countDown();
                interrupted.await();
            }
            return forward.send();
        };
        try (FakeServer server = new FakeServer(Service.ADDRESS, handler)) {
            UsersApi users = new UsersApi(loggedInWithRefusedToken(server).apiClient());
            FutureTask<Throwable> first = new FutureTask<>(() -> catchThrowable(() -> users.getMe(null, null, null)));
            FutureTask<User> second = new FutureTask<>(() -> users.getMe(null, null, null));
            Thread thread = new Thread(first);
            thread.start();
            started.await();
            new Thread(second).start();

            thread.interrupt();

            assertThat(first.get()).hasCauseInstanceOf(InterruptedException.class);
            interrupted.countDown();
            assertThat(second.get().getName()).isEqualTo("Viola");
        }
    }

    @Test
    void problemNamesTheInvalidMembers() {
        Roster roster = Roster.at(Service.ADDRESS + "/api/v1").build();
        RegisterUser registration =
                new RegisterUser().name("x".repeat(101)).email("viola").password(PASSWORD);

        ProblemException problem = problemOf(() -> new AuthenticationApi(roster.apiClient()).register(registration));

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.type()).isEqualTo("urn:roster:problem:validation");
        assertThat(problem.is(ProblemType.URN_ROSTER_PROBLEM_VALIDATION)).isTrue();
        assertThat(problem.title()).isEqualTo("The request is not valid");
        assertThat(problem.detail()).isEqualTo("2 members are not valid");
        assertThat(problem).hasMessage("The request is not valid: 2 members are not valid");
        assertThat(problem.getResponseBody()).contains(problem.requestId().orElseThrow());
        assertThat(problem.errors())
                .extracting(InvalidMember::field, InvalidMember::code, InvalidMember::parameters)
                .containsExactlyInAnyOrder(
                        tuple("name", "too_long", Map.of("max", 100)), tuple("email", "malformed", Map.of()));
    }

    @Test
    void errorPageOfAProxyIsAProblemWithoutAType() throws Exception {
        Handler handler = (request, forward) -> json(502, "<h1>Bad Gateway</h1>");
        try (FakeServer server = new FakeServer(Service.ADDRESS, handler)) {
            ProblemException problem = problemOf(() -> list(server));

            assertThat(problem.type()).isEqualTo("about:blank");
            assertThat(problem).hasMessage("Status 502");
            assertThat(problem.errors()).isEmpty();
        }
    }

    private Roster loggedIn(FakeServer server) {
        Roster roster = Roster.at(server.basePath())
                .storage(storage)
                .onLoggedOut(loggedOut::incrementAndGet)
                .build();
        String email = "viola" + USERS.incrementAndGet() + "@java.example";
        register(roster, email);
        assertThat(roster.logIn(email, PASSWORD).getEmail()).isEqualTo(email);
        return roster;
    }

    /** The service gives the same answer to every token that it refuses: an expired one too. */
    private Roster loggedInWithRefusedToken(FakeServer server) {
        Roster roster = loggedIn(server);
        Tokens tokens = storage.load().orElseThrow();
        storage.save(Optional.of(new Tokens(tokens.accessToken() + "A", tokens.refreshToken())));
        return roster;
    }

    private static User register(Roster roster, String email) {
        return new AuthenticationApi(roster.apiClient())
                .register(new RegisterUser().name("Viola").email(email).password(PASSWORD));
    }

    private static UserPage list(FakeServer server) {
        UsersApi users = new UsersApi(Roster.at(server.basePath()).build().apiClient());
        return users.listUsers(null, null, null, null, null, null);
    }

    private static Answer json(int status, String body) {
        return new Answer(status, Map.of("Content-Type", "application/json"), body);
    }

    private static ProblemException problemOf(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }

    /** Runs a call in many threads at once. */
    private static <T> List<T> together(Callable<T> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(Collections.nCopies(THREADS, call))) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
