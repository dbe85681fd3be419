package dev.roster.limit;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits on the rate of registrations, refreshes and failures. */
class RateLimitIT {
    private static final int AT_ONCE = 20;

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("TRUSTED_PROXIES", "127.0.0.1")
            .with("ADDRESS_FAILURES", Integer.toString(AT_ONCE))
            .with("REGISTRATIONS", "1")
            .with("REGISTRATIONS_AT_ONCE", Integer.toString(AT_ONCE))
            .with("REFRESHES", "1")
            .with("REFRESHES_AT_ONCE", Integer.toString(AT_ONCE));

    private static int addresses;

    private final Client client = client();

    /** B4: one password for a thousand accounts. */
    @Test
    void wrongPasswordsFromOneAddressAreLimited() {
        TestUser user = newUser();
        for (int i = 0; i < AT_ONCE; i++) {
            client.login(Api.newEmail(), "wrong").expect(401);
        }

        Reply refused = client.login(Api.newEmail(), "wrong").expectProblem(429, "too-many-requests");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"address\";q=20;w=60");
        assertThat(refused.header("Retry-After")).isIn("1", "2", "3");
        client.login(user.email(), Api.PASSWORD).expect(429);
        client().login(user.email(), Api.PASSWORD).expect(200);
    }

    @Test
    void wrongRefreshTokensFromOneAddressAreLimited() {
        TestSession session = newSession();
        for (int i = 0; i < AT_ONCE; i++) {
            client.refresh(i % 2 == 0 ? "x" : session.refreshToken().replace('A', 'B') + "x")
                    .expectProblem(401, "invalid-token");
        }

        Reply refused = client.refresh("x").expectProblem(429, "too-many-requests");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"address-refresh\";q=20;w=60");
        client.refresh(session.refreshToken()).expect(200);
        client.login(Api.newEmail(), "wrong").expect(401);
    }

    @Test
    void concurrentWrongPasswordsDoNotExceedTheLimit() throws Exception {
        Map<Integer, Long> answers = Concurrently.run(100, i -> client.login(Api.newEmail(), "wrong")).stream()
                .collect(groupingBy(Reply::status, counting()));

        // The bucket gains a token every three seconds.
        assertThat(answers.get(401)).isBetween((long) AT_ONCE, AT_ONCE + 5L);
        assertThat(answers.keySet()).isSubsetOf(401, 429, 503);
    }

    /** B4; E3: 409 reveals that an e-mail address is taken. */
    @Test
    void registrationsFromOneAddressAreLimited() {
        String taken = newUser().email();
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM request_limits")); // so that it does not count
        client.register(taken).expectProblem(409, "email-taken");
        for (int i = 1; i < AT_ONCE; i++) {
            client.register(Api.newEmail()).expect(201);
        }

        String refusedEmail = Api.newEmail();
        Reply refused = client.register(refusedEmail).expectProblem(429, "too-many-requests");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"registration\";q=20;w=1200");
        assertThat(Integer.parseInt(String.valueOf(refused.header("Retry-After"))))
                .isBetween(1, 60);
        client.register(refusedEmail).expect(429);
        client().register(refusedEmail).expect(201);
    }

    /** Repeating the same e-mail address reveals nothing new. */
    @Test
    void repeatedRegistrationsOfOneEmailAddressCountOnce() throws Exception {
        String email = Api.newEmail();

        List<Reply> replies = Concurrently.run(100, i -> client.register(email));

        assertThat(replies).extracting(Reply::status).containsOnly(201, 409).containsOnlyOnce(201);
    }

    @Test
    void invalidRegistrationsAreNotCounted() {
        for (int i = 0; i < AT_ONCE + 5; i++) {
            client.register("x").expectInvalid("email");
        }
        client.register(Api.newEmail()).expect(201);
    }

    @Test
    void refreshesOfASessionAreLimited() {
        TestSession session = newSession();
        String token = session.refreshToken();
        for (int i = 0; i < AT_ONCE; i++) {
            token = TestSession.of(client.refresh(token).expect(200)).refreshToken();
        }

        Reply refused = client.refresh(token).expectProblem(429, "too-many-requests");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"refresh\";q=20;w=1200");
        assertThat(Integer.parseInt(String.valueOf(refused.header("Retry-After"))))
                .isBetween(1, 60);
        client().refresh(token).expect(429);

        ROSTER.jdbi().useHandle(handle -> handle.execute("UPDATE sessions SET refreshes_full_at = now()"));
        String live = token;
        Poll.until(
                "the session may be refreshed again",
                Duration.ofSeconds(20),
                () -> client.refresh(live).status() == 200);
    }

    @Test
    void repeatedRefreshesWithinTheGraceAreCounted() {
        TestSession session = newSession();
        for (int i = 0; i < AT_ONCE; i++) {
            client.refresh(session.refreshToken()).expect(200);
        }

        client.refresh(session.refreshToken()).expectProblem(429, "too-many-requests");
    }

    /** L5 */
    @Test
    void reachedLimitIsAuditedOnce() {
        TestSession session = newSession();
        String token = session.refreshToken();
        for (int i = 0; i < AT_ONCE; i++) {
            token = TestSession.of(client.refresh(token).expect(200)).refreshToken();
            client.register(Api.newEmail()).expect(201);
            client.login(Api.newEmail(), "wrong").expect(401);
        }
        for (int i = 0; i < 2; i++) {
            client.refresh(token).expect(429);
            client.register(Api.newEmail()).expect(429);
            client.login(Api.newEmail(), "wrong").expect(429);
        }

        List<String> limits = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT details FROM audit_events WHERE type = 'limit_hit' AND host(ip) = ? ORDER BY id")
                .bind(0, client.ip())
                .mapTo(String.class)
                .list());
        assertThat(limits).containsExactlyInAnyOrder("registration", "address", "refresh");
    }

    @Test
    void limitsSurviveARestart() throws Exception {
        Client before = client();
        for (int i = 0; i < AT_ONCE; i++) {
            before.register(Api.newEmail()).expect(201);
        }
        String refusedEmail = Api.newEmail();

        ROSTER.stop();
        ROSTER.start();

        Client.of(ROSTER, before.ip()).register(refusedEmail).expect(429);
    }

    private static TestUser newUser() {
        String email = Api.newEmail();
        client().register(email).expect(201);
        Reply login = client().login(email, Api.PASSWORD).expect(200);
        return new TestUser(
                UUID.fromString(login.body().path("user").path("id").asText()),
                email,
                login.body().path("access_token").asText());
    }

    private static TestSession newSession() {
        return TestSession.of(client().login(newUser().email(), Api.PASSWORD).expect(200));
    }

    private static Client client() {
        addresses++;
        return Client.of(ROSTER, "10.0." + addresses / 250 + "." + (addresses % 250 + 1));
    }
}
