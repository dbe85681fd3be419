package dev.roster.limit;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits on wrong passwords, on two nodes with the defaults of {@code config.yml}. */
class GuessLimitIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ONE = node();

    @RegisterExtension
    static final RosterExtension OTHER = node();

    private static final String ATTACKER = "192.0.2.1";
    private static final String OWNER = "198.51.100.1";
    private static final int FREE = 10;
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAA";

    private final TestUser user = ONE.api().newUser();

    private static RosterExtension node() {
        return new RosterExtension()
                .on(DATABASE)
                .with("TRUSTED_PROXIES", "127.0.0.1")
                .with("LOGIN_FAILURES", Integer.toString(FREE))
                .with("LOGIN_FAILURES_ANYWHERE", "100")
                .with("LOGINS", "20");
    }

    /** B1; E1: unknown accounts behave the same. */
    @Test
    void accountClosesOnAllNodesAfterTenWrongPasswords() {
        for (String email : List.of(user.email(), Api.newEmail(), "nobody can have this one")) {
            for (int i = 0; i < FREE; i++) {
                attacker(i % 2 == 0 ? ONE : OTHER).login(email, "wrong").expectProblem(401, "invalid-credentials");
            }
            keepClosed();

            for (RosterExtension node : List.of(ONE, OTHER, ONE, OTHER)) {
                Reply refused = attacker(node).login(email, "wrong").expectProblem(429, "too-many-requests");
                String seconds = refused.header("Retry-After");
                assertThat(seconds).matches("60|5[0-9]|1");
                assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"account\";q=10");
                assertThat(refused.header("RateLimit")).isEqualTo("\"account\";r=0;t=" + seconds);
            }
        }
    }

    /** B3 */
    @Test
    void ownerLogsInFromAnotherAddress() {
        close(user.email());

        attacker(ONE).login(user.email(), Api.PASSWORD).expectProblem(429, "too-many-requests");
        Client.of(ONE, OWNER).login(user.email(), Api.PASSWORD).expect(200);
        Client.of(OTHER, OWNER).login(user.email(), Api.PASSWORD).expect(200);
        attacker(OTHER).login(user.email(), Api.PASSWORD).expectProblem(429, "too-many-requests");
    }

    @Test
    void ipv6NetworkCountsAsOneAddress() {
        for (int i = 0; i < FREE; i++) {
            Client.of(ONE, "2001:db8:1:2::" + i).login(user.email(), "wrong").expect(401);
        }

        keepClosed();
        Client.of(ONE, "2001:db8:1:2:ffff::1").login(user.email(), "wrong").expect(429);
        Client.of(ONE, "2001:db8:1:3::1").login(user.email(), "wrong").expect(401);
    }

    /** B2 */
    @Test
    void concurrentWrongPasswordsDoNotExceedTheLimit() throws Exception {
        for (String email : List.of(user.email(), Api.newEmail())) {
            Map<Integer, Long> answers =
                    Concurrently.run(
                                    200, i -> attacker(i % 2 == 0 ? ONE : OTHER).login(email, "wrong" + i))
                            .stream()
                            .collect(groupingBy(Reply::status, counting()));

            // The account opens again after 1 s, then after 2 s more; one wrong password is answered each time.
            assertThat(answers.get(401)).isBetween((long) FREE, FREE + 3L);
            assertThat(answers.keySet()).isSubsetOf(401, 429, 503);
            assertThat(answers.get(429)).isPositive();
        }
    }

    /** B3 */
    @Test
    void simultaneousCorrectLoginsAllSucceed() throws Exception {
        for (int i = 0; i < FREE - 1; i++) {
            attacker(ONE).login(user.email(), "wrong").expect(401);
        }

        List<Reply> logins =
                Concurrently.run(50, i -> attacker(i % 2 == 0 ? ONE : OTHER).login(user.email(), Api.PASSWORD));

        assertThat(logins).extracting(Reply::status).containsOnly(200);
        assertThat(logins)
                .extracting(login -> login.body().path("refresh_token").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void correctPasswordClearsFailures() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < FREE - 1; i++) {
                attacker(ONE).login(user.email(), "wrong").expect(401);
            }
            attacker(OTHER).login(user.email(), Api.PASSWORD).expect(200);
        }
    }

    /** B1: the delay, in seconds, grows to a limit; the account is never locked. */
    @Test
    void accountClosesForTwiceAsLongEachTime() {
        List<Double> delays = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            delays.add(failAgain(KEY + "g"));
        }

        assertThat(delays)
                .containsExactly(
                        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0,
                        512.0, 900.0, 900.0, 900.0);
    }

    @Test
    void failuresAreForgottenAfterADay() {
        for (int i = 0; i < FREE; i++) {
            failAgain(KEY + "f");
        }
        DATABASE.jdbi().useHandle(handle -> handle.execute("UPDATE failure_limits SET forgotten_at = now()"));

        assertThat(failAgain(KEY + "f")).isZero();
    }

    /** Opens the account and records a failure. Returns for how many seconds that closes it. */
    @SuppressWarnings("removal") // the plugin class does not compile here: an annotation it uses is in no jar
    private static double failAgain(String key) {
        return DATABASE.jdbi().installPlugins().inTransaction(handle -> {
            handle.execute("UPDATE failure_limits SET closed_until = 'epoch' WHERE key = ?", key);
            return handle.attach(LimitCommands.class)
                    .recordFailure(key, FREE, 900, 86_400)
                    .orElseThrow()
                    .closedSeconds();
        });
    }

    /** A8: a thief of a token can use many client addresses, so the session is counted. */
    @Test
    void wrongCurrentPasswordsAreCountedBySession() {
        for (int i = 0; i < FREE; i++) {
            Client.of(i % 2 == 0 ? ONE : OTHER, "192.0.2." + (50 + i))
                    .changePassword(user, "wrong")
                    .expectProblem(403, "forbidden");
        }
        keepClosed();

        attacker(ONE).changePassword(user, Api.PASSWORD).expectProblem(429, "too-many-requests");
        TestUser elsewhere = new TestUser(user.id(), user.email(), ONE.api().newToken(user.email()));
        Client.of(OTHER, OWNER).changePassword(elsewhere, Api.PASSWORD).expect(200);
    }

    /** E1: a text that only looks like an e-mail address does not count against that address. */
    @Test
    void malformedAddressesAreCountedSeparately() {
        for (String email : List.of(user.email(), Api.newEmail())) {
            for (int i = 0; i < FREE; i++) {
                attacker(ONE).login(email + "\u2003", "wrong").expect(401);
            }
            attacker(ONE).login(email, "wrong").expectProblem(401, "invalid-credentials");
        }
    }

    /** E1 */
    @Test
    void failuresOfAnUnknownAddressStillCountAfterItsRegistration() {
        String email = Api.newEmail();
        close(email);

        ONE.api().register(Api.newBody(email)).expect(201);

        attacker(OTHER).login(email, "wrong").expect(429);
    }

    @Test
    void limitThatIsSwitchedOffIgnoresEarlierFailures() throws Exception {
        close(user.email());
        RosterExtension without = new RosterExtension().on(DATABASE).with("TRUSTED_PROXIES", "127.0.0.1");
        without.start();
        try {
            attacker(without).login(user.email(), Api.PASSWORD).expect(200);
        } finally {
            without.stop();
        }
    }

    /** B1: the networks of the owner stay open, and each other one for one try. */
    @Test
    void wrongPasswordsFromManyAddressesCloseTheAccountForOthers() {
        Client.of(ONE, "2001:db8:7:7::1").login(user.email(), Api.PASSWORD).expect(200);
        for (int i = 0; i < 100; i++) {
            Client.of(i % 2 == 0 ? ONE : OTHER, "192.0.2." + (100 + i))
                    .login(user.email(), "wrong")
                    .expect(401);
        }

        keepClosed();
        Client.of(ONE, "203.0.113.1").login(user.email(), "wrong").expect(401);
        Reply refused = Client.of(OTHER, "203.0.113.1").login(user.email(), "wrong");
        refused.expectProblem(429, "too-many-requests");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"account-anywhere\";q=100");
        Client.of(OTHER, "2001:db8:7:7::2").login(user.email(), "wrong").expect(401);
        Client.of(OTHER, "2001:db8:7:7::3").login(user.email(), Api.PASSWORD).expect(200);
    }

    /** L5 */
    @Test
    void reachedLimitIsAuditedOnce() {
        close(user.email());
        attacker(ONE).login(user.email(), "wrong").expect(429);
        attacker(OTHER).login(user.email(), "wrong").expect(429);

        List<String> events = ONE.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT concat_ws(' ', type, details, host(ip))
                          FROM audit_events
                         WHERE target_id = ? AND type IN ('limit_hit', 'login_refused')
                        """)
                .bind(0, user.id())
                .mapTo(String.class)
                .list());
        assertThat(events)
                .hasSize(FREE + 1)
                .containsOnly("login_refused " + ATTACKER, "limit_hit account " + ATTACKER)
                .containsOnlyOnce("limit_hit account " + ATTACKER);
    }

    @Test
    void keysRevealNoAccount() {
        close(user.email());

        List<String> keys = ONE.jdbi().withHandle(handle -> handle.createQuery("SELECT key FROM failure_limits")
                .mapTo(String.class)
                .list());
        assertThat(keys).isNotEmpty().allSatisfy(key -> assertThat(key).matches("[A-Za-z0-9_-]{24}"));
    }

    private static Client attacker(RosterExtension node) {
        return Client.of(node, ATTACKER);
    }

    /** Closes the account for a minute, so that it does not open again on a slow machine. */
    private static void close(String email) {
        for (int i = 0; i < FREE; i++) {
            attacker(ONE).login(email, "wrong").expect(401);
        }
        keepClosed();
    }

    private static void keepClosed() {
        ONE.jdbi()
                .useHandle(handle -> handle.execute("UPDATE failure_limits SET closed_until = now() + interval '1 min'"
                        + " WHERE closed_until > now() - interval '1 min' AND failures >= " + FREE));
    }
}
