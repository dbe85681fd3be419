package dev.roster.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An account that is closed by guesses from many networks stays open for its owner. */
class KnownNetworksIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final int FREE = 20;

    @RegisterExtension
    static final RosterExtension ONE = node().with("LOGIN_FAILURES", "10");

    @RegisterExtension
    static final RosterExtension OTHER = node().with("LOGIN_FAILURES", "10");

    /** Without the limit for one address. */
    @RegisterExtension
    static final RosterExtension ANYWHERE_ONLY = node();

    private static final String HOME = "198.51.100.1";

    private static int networks;

    private final TestUser user = ONE.api().newUser();

    private static RosterExtension node() {
        return new RosterExtension()
                .on(DATABASE)
                .with("TRUSTED_PROXIES", "127.0.0.1")
                .with("LOGIN_FAILURES_ANYWHERE", Integer.toString(FREE));
    }

    /** B3: also for another address of the same IPv6 network. */
    @Test
    void ownerWhoIsLoggedInNowhereLogsInFromANetworkOfAnEarlierLogin() {
        for (List<String> home : List.of(List.of(HOME, HOME), List.of("2001:db8:7:7::1", "2001:db8:7:7:ffff::2"))) {
            logInAndOut(home.get(0));
            close(user.email());

            Client.of(OTHER, home.get(1)).login(user.email(), "wrong").expectProblem(401, "invalid-credentials");
            Client.of(OTHER, home.get(1)).login(user.email(), "wrong").expectProblem(401, "invalid-credentials");
            Client.of(ONE, home.get(1)).login(user.email(), Api.PASSWORD).expect(200);
        }
    }

    @Test
    void networkInWhichTheOwnersSessionIsUsedStaysOpen() {
        TestSession session = TestSession.of(
                Client.of(ONE, newNetwork()).login(user.email(), Api.PASSWORD).expect(200));
        Client travelling = Client.of(OTHER, newNetwork());
        travelling.refresh(session.refreshToken()).expect(200);
        close(user.email());

        travelling.login(user.email(), "wrong").expect(401);
        travelling.login(user.email(), "wrong").expect(401);
        travelling.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** B3 */
    @Test
    void ownerLogsInFromANetworkThatNobodyHasTried() {
        close(user.email());

        Client.of(OTHER, newNetwork()).login(user.email(), Api.PASSWORD).expect(200);
    }

    /** B1; E1: unknown accounts behave the same. */
    @Test
    void otherNetworksHaveOneTry() {
        for (String email : List.of(user.email(), Api.newEmail())) {
            List<String> guessed = close(email);

            refuse(Client.of(ONE, guessed.get(0)), email);
            String network = newNetwork();
            Client.of(ONE, network).login(email, "wrong").expectProblem(401, "invalid-credentials");
            refuse(Client.of(OTHER, network), email);
            refuse(Client.of(ONE, network), email);
        }
    }

    /** The limit for one address, which remembers the tries, may be off. */
    @Test
    void otherNetworksHaveOneTryWithoutTheLimitForOneAddress() {
        close(user.email());
        Client client = Client.of(ANYWHERE_ONLY, newNetwork());

        client.login(user.email(), "wrong").expect(401);
        refuse(client, user.email());
        Client.of(ANYWHERE_ONLY, newNetwork()).login(user.email(), Api.PASSWORD).expect(200);
    }

    /** B1: attackers with any number of networks have a limit. The owner's networks stay open past it. */
    @Test
    void triesOfAllOtherNetworksTogetherAreLimited() {
        logInAndOut(HOME);
        close(user.email());
        for (int i = 0; i < FREE; i++) {
            Client.of(i % 2 == 0 ? ONE : OTHER, newNetwork())
                    .login(user.email(), "wrong")
                    .expect(401);
        }
        keepClosed();

        refuse(Client.of(ONE, newNetwork()), user.email());
        refuse(Client.of(OTHER, newNetwork()), user.email());
        Client.of(OTHER, HOME).login(user.email(), Api.PASSWORD).expect(200);
        Client.of(ONE, newNetwork()).login(user.email(), "wrong").expectProblem(401, "invalid-credentials");
    }

    /** B2 */
    @Test
    void simultaneousTriesDoNotExceedTheLimits() throws Exception {
        close(user.email());
        String network = newNetwork();

        assertThat(Concurrently.run(
                        30, i -> Client.of(i % 2 == 0 ? ONE : OTHER, network).login(user.email(), "wrong" + i)))
                .extracting(Reply::status)
                .containsOnly(401, 429)
                .containsOnlyOnce(401);

        List<String> many = newNetworks(3 * FREE);
        List<Reply> replies = Concurrently.run(many.size(), i -> Client.of(i % 2 == 0 ? ONE : OTHER, many.get(i))
                .login(user.email(), "wrong" + i));

        assertThat(replies).extracting(Reply::status).containsOnly(401, 429);
        // One try is used up already. The limit opens again after 1 s, then after 2 s more; each time for one try.
        assertThat(replies.stream().filter(reply -> reply.status() == 401).count())
                .isBetween(FREE - 1L, FREE + 2L);
    }

    /** B3 */
    @Test
    void simultaneousCorrectLoginsFromANewNetworkAllSucceed() throws Exception {
        close(user.email());
        String network = newNetwork();

        assertThat(Concurrently.run(
                        50, i -> Client.of(i % 2 == 0 ? ONE : OTHER, network).login(user.email(), Api.PASSWORD)))
                .extracting(Reply::status)
                .containsOnly(200);
    }

    /** A8: somebody with stolen sessions does not keep the owner from a new password. */
    @Test
    void sessionThatHasNotTriedChangesThePassword() {
        for (int session = 0; session < FREE / 10; session++) {
            TestUser thief = new TestUser(user.id(), user.email(), ONE.api().newToken(user.email()));
            for (int i = 0; i < 10; i++) {
                Client.of(ONE, newNetwork()).changePassword(thief, "wrong").expect(403);
            }
        }
        keepClosed();
        TestUser thief = new TestUser(user.id(), user.email(), ONE.api().newToken(user.email()));
        Client.of(OTHER, HOME).changePassword(thief, "wrong").expect(403);
        Client.of(OTHER, HOME).changePassword(thief, "wrong").expectProblem(429, "too-many-requests");

        Client.of(OTHER, HOME).changePassword(user, Api.PASSWORD).expect(200);
    }

    @Test
    void latestTwentyNetworksAreRemembered() {
        List<String> used = newNetworks(25);
        used.forEach(this::logInAndOut);

        assertThat(remembered(user)).hasSize(20);
        close(user.email());
        for (String forgotten : used.subList(0, 5)) {
            Client.of(ONE, forgotten).login(user.email(), "wrong").expect(401);
            refuse(Client.of(ONE, forgotten), user.email());
        }
        for (String known : used.subList(5, 25)) {
            Client.of(OTHER, known).login(user.email(), "wrong").expect(401);
            Client.of(OTHER, known).login(user.email(), "wrong").expect(401);
        }
    }

    @Test
    void networkIsForgottenAfterNinetyDays() {
        logInAndOut(HOME);
        DATABASE.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE login_networks SET logged_in_at = now() - interval '90 days' WHERE user_id = ?",
                        user.id()));
        close(user.email());

        Client.of(ONE, HOME).login(user.email(), "wrong").expect(401);
        refuse(Client.of(ONE, HOME), user.email());
    }

    @Test
    void rememberedNetworksRevealNothingAndAreDeletedWithTheUser() {
        TestUser neighbour = ONE.api().newUser();
        logInAndOut(HOME);
        Client.of(OTHER, HOME).login(neighbour.email(), Api.PASSWORD).expect(200);

        Set<String> keys = new HashSet<>(remembered(user));
        keys.addAll(remembered(neighbour));

        // Each has logged in from this machine and from home.
        assertThat(keys).hasSize(4).allSatisfy(key -> assertThat(key).matches("[A-Za-z0-9_-]{24}"));
        ONE.api().delete(user.path(), user.token()).expect(204);
        assertThat(remembered(user)).isEmpty();
        assertThat(remembered(neighbour)).hasSize(2);
    }

    private static List<String> remembered(TestUser of) {
        return DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT network FROM login_networks WHERE user_id = ?")
                        .bind(0, of.id())
                        .mapTo(String.class)
                        .list());
    }

    private void logInAndOut(String ip) {
        Reply login = Client.of(ONE, ip).login(user.email(), Api.PASSWORD).expect(200);
        ONE.api().logout(TestSession.of(login).accessToken()).expect(204);
    }

    private static void refuse(Client client, String email) {
        for (String password : List.of("wrong", Api.PASSWORD)) {
            Reply refused = client.login(email, password).expectProblem(429, "too-many-requests");
            assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"account-anywhere\";q=" + FREE);
            assertThat(refused.header("Retry-After")).matches("60|5[0-9]|[1-5]");
        }
    }

    /** Closes the account with guesses from many networks, for a minute. Returns the networks. */
    private static List<String> close(String email) {
        List<String> guessing = newNetworks(FREE / 2);
        for (int i = 0; i < FREE; i++) {
            Client.of(i % 2 == 0 ? ONE : OTHER, guessing.get(i / 2))
                    .login(email, "wrong")
                    .expect(401);
        }
        keepClosed();
        return guessing;
    }

    private static void keepClosed() {
        DATABASE.jdbi()
                .useHandle(handle -> handle.execute("UPDATE failure_limits SET closed_until = now() + interval '1 min'"
                        + " WHERE closed_until > now() - interval '1 min' AND failures >= " + FREE));
    }

    private static List<String> newNetworks(int count) {
        return IntStream.range(0, count).mapToObj(i -> newNetwork()).toList();
    }

    private static String newNetwork() {
        networks++;
        return "10.1." + networks / 250 + "." + (networks % 250 + 1);
    }
}
