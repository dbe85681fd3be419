package dev.roster.limit;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Api;
import dev.roster.support.Api.TestUser;
import dev.roster.support.Concurrently;
import dev.roster.support.Reply;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How often somebody may guess at passwords, on two nodes with the defaults of {@code config.yml}. */
class GuessLimitIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ONE = node();

    @RegisterExtension
    static final RosterExtension OTHER = node();

    private static final String ATTACKER = "192.0.2.1";
    private static final String OWNER = "198.51.100.1";
    private static final int FREE = 10;

    private final TestUser user = ONE.api().newUser();

    private static RosterExtension node() {
        return new RosterExtension()
                .on(DATABASE)
                .with("TRUSTED_PROXIES", "127.0.0.1")
                .with("LOGIN_FAILURES", Integer.toString(FREE))
                .with("LOGIN_FAILURES_ANYWHERE", "100");
    }

    /** B1; E1: of one that is not there it is not told either. */
    @Test
    void answersTenWrongPasswordsAndThenNoneForASecondOnAllNodes() {
        for (String email : List.of(user.email(), Api.newEmail(), "nobody can have this one")) {
            for (int i = 0; i < FREE; i++) {
                attacker(i % 2 == 0 ? ONE : OTHER).login(email, "wrong").expectProblem(401, "invalid-credentials");
            }

            for (RosterExtension node : List.of(ONE, OTHER, ONE, OTHER)) {
                Reply refused = attacker(node).login(email, "wrong").expectProblem(429, "too-many-requests");
                assertThat(refused.header("Retry-After")).isEqualTo("1");
                assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"account\";q=10");
                assertThat(refused.header("RateLimit")).isEqualTo("\"account\";r=0;t=1");
            }
        }
    }

    /** B3 */
    @Test
    void letsTheOwnerInFromAnotherAddress() {
        close(user.email());

        attacker(ONE).login(user.email(), Api.PASSWORD).expectProblem(429, "too-many-requests");
        Client.of(ONE, OWNER).login(user.email(), Api.PASSWORD).expect(200);
        Client.of(OTHER, OWNER).login(user.email(), Api.PASSWORD).expect(200);
        attacker(OTHER).login(user.email(), Api.PASSWORD).expectProblem(429, "too-many-requests");
    }

    @Test
    void countsAnIpv6NetworkAsOneAddress() {
        for (int i = 0; i < FREE; i++) {
            Client.of(ONE, "2001:db8:1:2::" + i).login(user.email(), "wrong").expect(401);
        }

        Client.of(ONE, "2001:db8:1:2:ffff::1").login(user.email(), "wrong").expect(429);
        Client.of(ONE, "2001:db8:1:3::1").login(user.email(), "wrong").expect(401);
    }

    /** B2 */
    @Test
    void answersNoMoreThanTenOfHoweverManyAtOnce() throws Exception {
        for (String email : List.of(user.email(), Api.newEmail())) {
            Map<Integer, Long> answers =
                    Concurrently.run(
                                    200, i -> attacker(i % 2 == 0 ? ONE : OTHER).login(email, "wrong" + i))
                            .stream()
                            .collect(groupingBy(Reply::status, counting()));

            // After a second one more is answered, then one after two more, if it takes so long.
            assertThat(answers.get(401)).isBetween((long) FREE, FREE + 3L);
            assertThat(answers.keySet()).isSubsetOf(401, 429, 503);
            assertThat(answers.get(429)).isPositive();
        }
    }

    /** B3: nobody who is right is refused because of others who are. */
    @Test
    void letsOnePersonInAsOftenAtOnceAsTheyLike() throws Exception {
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
    void forgetsFailuresOnceThePasswordIsRight() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < FREE - 1; i++) {
                attacker(ONE).login(user.email(), "wrong").expect(401);
            }
            attacker(OTHER).login(user.email(), Api.PASSWORD).expect(200);
        }
    }

    /** B1: a delay that grows, and never a lock. */
    @Test
    void closesTheAccountForTwiceAsLongEachTime() {
        close(user.email());

        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            ONE.jdbi().useHandle(handle -> handle.execute("UPDATE failure_limits SET closed_until = now()"));
            attacker(ONE).login(user.email(), "wrong").expect(401);
            delays.add(ONE.jdbi().withHandle(handle -> handle.createQuery(
                            "SELECT max(round(extract(epoch FROM closed_until - now())))::bigint FROM failure_limits")
                    .mapTo(Long.class)
                    .one()));
        }

        assertThat(delays).first().isIn(1L, 2L);
        assertThat(delays.get(4)).isBetween(30L, 32L);
        assertThat(delays).last().satisfies(longest -> assertThat(longest).isBetween(895L, 900L));
        Reply refused = attacker(OTHER).login(user.email(), Api.PASSWORD).expectProblem(429, "too-many-requests");
        assertThat(Long.parseLong(String.valueOf(refused.header("Retry-After"))))
                .isBetween(890L, 900L);
    }

    @Test
    void forgetsFailuresAfterADay() {
        close(user.email());
        ONE.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE failure_limits SET closed_until = now(), forgotten_at = now()"));

        for (int i = 0; i < FREE; i++) {
            attacker(ONE).login(user.email(), "wrong").expect(401);
        }
        attacker(ONE).login(user.email(), "wrong").expect(429);
    }

    /** A8 */
    @Test
    void countsAWrongCurrentPasswordToo() {
        for (int i = 0; i < FREE; i++) {
            Client client = attacker(i % 2 == 0 ? ONE : OTHER);
            if (i % 3 == 0) {
                client.login(user.email(), "wrong").expect(401);
            } else {
                client.changePassword(user, "wrong").expectProblem(403, "forbidden");
            }
        }

        attacker(ONE).changePassword(user, Api.PASSWORD).expectProblem(429, "too-many-requests");
        attacker(OTHER).login(user.email(), Api.PASSWORD).expectProblem(429, "too-many-requests");
        Client.of(ONE, OWNER).changePassword(user, Api.PASSWORD).expect(200);
    }

    /** B1: also where each guess comes from another address; but the owner's stay open. */
    @Test
    void slowsAnAccountDownThatIsGuessedAtFromEverywhere() {
        Client.of(ONE, OWNER).login(user.email(), Api.PASSWORD).expect(200);
        for (int i = 0; i < 100; i++) {
            Client.of(i % 2 == 0 ? ONE : OTHER, "192.0.2." + (100 + i))
                    .login(user.email(), "wrong")
                    .expect(401);
        }

        Reply refused = Client.of(ONE, "203.0.113.1").login(user.email(), "wrong");
        refused.expectProblem(429, "too-many-requests");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"account-anywhere\";q=100");
        Client.of(OTHER, OWNER).login(user.email(), "wrong").expect(401);
        Client.of(OTHER, OWNER).login(user.email(), Api.PASSWORD).expect(200);
    }

    /** L5 */
    @Test
    void writesDownOnceThatALimitIsReached() {
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
    void namesNobodyInWhatItCounts() {
        close(user.email());

        List<String> keys = ONE.jdbi().withHandle(handle -> handle.createQuery("SELECT key FROM failure_limits")
                .mapTo(String.class)
                .list());
        assertThat(keys).isNotEmpty().allSatisfy(key -> assertThat(key).matches("[A-Za-z0-9_-]{24}"));
    }

    private static Client attacker(RosterExtension node) {
        return Client.of(node, ATTACKER);
    }

    private static void close(String email) {
        for (int i = 0; i < FREE; i++) {
            attacker(ONE).login(email, "wrong").expect(401);
        }
    }
}
