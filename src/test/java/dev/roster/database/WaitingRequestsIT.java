package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Crowd;
import dev.roster.support.http.Exposition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mindrot.jbcrypt.BCrypt;

/**
 * Requests that wait for a database connection are few. However many a client sends, reads from memory and refused
 * tokens are answered while they wait. Here the database is locked and nothing times out, so the requests wait as long
 * as the test wants.
 */
class WaitingRequestsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("DATABASE_STATEMENT_TIMEOUT", "50s")
            .with("DATABASE_SOCKET_TIMEOUT", "60s")
            .with("DATABASE_POOL_WAIT", "50s")
            .with("HASH_WAIT", "30s")
            .with("EXCHANGE_TIMEOUT", "60s")
            .with("TRUSTED_PROXIES", "127.0.0.1");

    /** Takes seconds to verify. */
    private static final String SLOW_HASH = BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(15));

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CLIENTS = 900;
    private static final int CLIENTS_OF_A_POOL = 300;

    /** Background jobs wait like clients, so that they may take places from the crowd. */
    private static final int JOBS = 5;

    /** Threads that Jetty needs for itself, and some that serve. */
    private static final int RESERVE = 48;

    private final Api api = ROSTER.api();
    private final Api admin = new Api(ROSTER.admin());
    private TestUser busy = api.newUser();
    private TestUser other = api.newUser();

    @BeforeEach
    void fillTheUserCache() {
        api.get(busy.path(), busy.token()).expect(200);
        api.get(other.path(), other.token()).expect(200);
    }

    /** R4 */
    @Test
    void listsThatWaitLeaveThreadsForOthers() {
        int outstanding = 4 + waitingMax("lists");
        whileLocked("LOCK TABLE users IN ACCESS EXCLUSIVE MODE", () -> {
            Crowd crowd = new Crowd(api.base(), CLIENTS).send(list(busy));
            awaitRefusals(crowd, outstanding);

            expectServed();

            assertThat(ROSTER.count("roster_database_waiting", "pool", "lists")).isEqualTo(waitingMax("lists"));
            assertThat(unanswered(crowd)).isEqualTo(outstanding);
            assertThat(ROSTER.count("roster_database_refusals_total", "pool", "lists"))
                    .isGreaterThanOrEqualTo(CLIENTS - outstanding);
            return List.of(crowd);
        });
    }

    /** R4 */
    @Test
    void changesThatWaitForOneRowLeaveThreadsForOthers() {
        int outstanding = 8 + waitingMax("commands");
        whileLocked("SELECT FROM users WHERE id = '" + busy.id() + "' FOR UPDATE", () -> {
            Crowd crowd = new Crowd(api.base(), CLIENTS).send(change(busy));
            awaitRefusals(crowd, outstanding);

            expectServed();

            assertThat(unanswered(crowd)).isBetween((long) outstanding - JOBS, (long) outstanding);
            return List.of(crowd);
        });
    }

    /** R4 */
    @Test
    void allPoolsTogetherLeaveThreadsForOthers() {
        int outstanding = 28 + waitingMax("lists") + waitingMax("commands") + waitingMax("queries");
        whileLocked("LOCK TABLE users, sessions IN ACCESS EXCLUSIVE MODE", () -> {
            Crowd crowd = new Crowd(api.base(), CLIENTS_OF_A_POOL).send(list(busy));
            Crowd changes = new Crowd(api.base(), CLIENTS_OF_A_POOL).send(change(busy));
            Crowd sessions =
                    new Crowd(api.base(), CLIENTS_OF_A_POOL).send(get("/users/" + busy.id() + "/sessions", busy));
            awaitRefusals(crowd, 4 + waitingMax("lists"));
            awaitRefusals(changes, 8 + waitingMax("commands"));
            awaitRefusals(sessions, 16 + waitingMax("queries"));

            expectServed();

            assertThat(unanswered(crowd) + unanswered(changes) + unanswered(sessions))
                    .isBetween((long) outstanding - JOBS, (long) outstanding);
            return List.of(crowd, changes, sessions);
        });
    }

    /** R4 */
    @Test
    void accountThatFillsTheQueueGivesPlacesToOthers() {
        int outstanding = 4 + waitingMax("lists");
        Crowd last = new Crowd(api.base(), 3);
        whileLocked("LOCK TABLE users IN ACCESS EXCLUSIVE MODE", () -> {
            Crowd crowd = new Crowd(api.base(), CLIENTS).send(list(busy));
            awaitRefusals(crowd, outstanding);
            assertThat(unanswered(crowd)).isEqualTo(outstanding);

            last.send(list(other));

            awaitRefusals(crowd, outstanding - 3);
            assertThat(unanswered(crowd)).isEqualTo(outstanding - 3);
            assertThat(unanswered(last)).isEqualTo(3);
            return List.of(crowd);
        });
        Poll.until(
                "the other account is served",
                PATIENCE,
                () -> last.ended() == 0
                        && last.received().stream().allMatch(answer -> answer.startsWith("HTTP/1.1 200 ")));
        last.close();
    }

    /** R4: the second part of a login is no new request. */
    @Test
    void loginThatHasItsHashIsNotRefused() {
        ROSTER.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE users SET password_hash = ? WHERE id = ?", SLOW_HASH, other.id()));
        int outstanding = 8 + waitingMax("commands");
        Crowd login = new Crowd(api.base(), 1).send(login(other));
        Poll.until("it hashes", PATIENCE, () -> ROSTER.count("roster_hash_busy_threads") == 1);
        whileLocked("LOCK TABLE token_blocklist IN ACCESS EXCLUSIVE MODE", () -> {
            Crowd crowd = new Crowd(api.base(), CLIENTS_OF_A_POOL).send(logout(busy)); // the client of the login
            awaitRefusals(crowd, outstanding);
            assertThat(ROSTER.count("roster_hash_busy_threads"))
                    .as("it still hashes")
                    .isEqualTo(1);

            Poll.until(
                    "it comes back",
                    PATIENCE,
                    () -> ROSTER.count("roster_database_waiting", "pool", "commands") > waitingMax("commands")
                            || unanswered(login) == 0);
            return List.of(crowd);
        });
        Poll.until("it is answered", PATIENCE, () -> unanswered(login) == 0);
        assertThat(login.received()).singleElement().asString().startsWith("HTTP/1.1 200 ");
        login.close();
    }

    /** R4: whoever has one address of an IPv6 network has all. */
    @Test
    void networkThatFillsTheQueueGivesPlacesToOthers() {
        int outstanding = 8 + waitingMax("commands");
        Crowd last = new Crowd(api.base(), 3);
        whileLocked("LOCK TABLE token_blocklist IN ACCESS EXCLUSIVE MODE", () -> {
            Crowd crowd = new Crowd(api.base(), CLIENTS_OF_A_POOL)
                    .send(i -> logout(busy, "2001:db8:1:2::" + Integer.toHexString(i + 1)));
            awaitRefusals(crowd, outstanding);

            last.send(logout(other, "198.51.100.7"));

            awaitRefusals(crowd, outstanding - 3);
            assertThat(unanswered(last)).isEqualTo(3);
            return List.of(crowd);
        });
        Poll.until("the other network is served", PATIENCE, () -> unanswered(last) == 0);
        assertThat(last.received()).allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 204 "));
        last.close();
    }

    /** R4: also if every place before a pool is taken, and a replica is in use. */
    @Test
    void serverHasMoreThreadsThanRequestsCanHold() {
        QueuedThreadPool threads = (QueuedThreadPool) ROSTER.support()
                .getEnvironment()
                .getApplicationContext()
                .getServer()
                .getThreadPool();
        double pools = Exposition.of(admin)
                        .samples("roster_database_waiting_max")
                        .mapToDouble(Exposition.Sample::value)
                        .sum()
                + Exposition.of(admin)
                        .samples("roster_database_connections_max")
                        .mapToDouble(Exposition.Sample::value)
                        .sum();
        double replica = 2 * 16 + 16 + 4;

        assertThat(pools).isEqualTo(224 + 128 + 64 + 28);
        assertThat(threads.getMaxThreads()).isGreaterThanOrEqualTo((int) (pools + replica) + RESERVE);
    }

    /** Runs the test while another transaction holds a lock, then expects that its waiting requests succeed. */
    private static void whileLocked(String lock, Supplier<List<Crowd>> test) {
        try (Handle handle = ROSTER.jdbi().open()) {
            handle.begin();
            handle.execute(lock);
            List<Crowd> crowds;
            try {
                crowds = test.get();
            } finally {
                handle.rollback();
            }
            for (Crowd crowd : crowds) {
                Poll.until("those that waited are answered", PATIENCE, () -> unanswered(crowd) == 0);
                assertThat(crowd.received())
                        .allSatisfy(answer -> assertThat(answer).matches("(?s)HTTP/1\\.1 (200|204|429|503) .*"));
                crowd.close();
            }
        }
    }

    /** Waits until no more than these are unanswered, and expects that the others were refused. */
    private static void awaitRefusals(Crowd crowd, long unanswered) {
        Poll.until(
                "the others are refused",
                PATIENCE,
                () -> unanswered(crowd) <= unanswered
                        && unanswered(crowd) + refused(crowd).size() == crowd.size());
        assertThat(refused(crowd)).allSatisfy(answer -> assertThat(answer)
                .contains(
                        "\r\nContent-Type: application/problem+json\r\n",
                        "\r\nRetry-After: 1\r\n",
                        "\"type\":\"urn:roster:problem:unavailable\"",
                        "\"detail\":\"Too many requests are waiting for the database.\""));
    }

    private void expectServed() {
        for (TestUser user : List.of(busy, other)) {
            api.get(user.path(), user.token()).expect(200);
            api.get("/users/me", user.token()).expect(200);
        }
        api.get("/users/me", null).expectUnauthenticated();
        api.get("/users", "no.valid.token").expectInvalidToken();
        api.put(busy.path(), null, "{}").expectUnauthenticated();
    }

    private static List<String> refused(Crowd crowd) {
        crowd.ended();
        return crowd.received().stream()
                .filter(answer -> answer.startsWith("HTTP/1.1 503 ") && answer.endsWith("}"))
                .toList();
    }

    private static long unanswered(Crowd crowd) {
        crowd.ended();
        return crowd.received().stream().filter(String::isEmpty).count();
    }

    private int waitingMax(String pool) {
        return (int) ROSTER.count("roster_database_waiting_max", "pool", pool);
    }

    private static String list(TestUser user) {
        return get("/users?limit=1", user);
    }

    private static String get(String path, TestUser user) {
        return "GET /api/v1" + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + user.token() + "\r\n\r\n";
    }

    private static String logout(TestUser user) {
        return logout(user, "127.0.0.1");
    }

    private static String logout(TestUser user, String ip) {
        return "POST /api/v1/auth/logout HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + ip + "\r\nAuthorization: Bearer "
                + user.token() + "\r\nContent-Length: 0\r\n\r\n";
    }

    private static String login(TestUser user) {
        String body = TestTokens.json(Map.of("email", user.email(), "password", Api.PASSWORD));
        return "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static String change(TestUser user) {
        String body = "{\"name\":\"Another Name\"}";
        return "PUT /api/v1" + user.path() + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + user.token()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
