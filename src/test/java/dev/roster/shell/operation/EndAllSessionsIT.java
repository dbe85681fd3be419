package dev.roster.shell.operation;

import static dev.roster.support.process.Shell.expect;
import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.revocation.TokenBlocklist;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import dev.roster.support.process.Shell.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code end-all-sessions}, beside two running nodes. The feed of one of them can be cut. */
class EndAllSessionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link FEED = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().on(DATABASE);

    @RegisterExtension
    static final RosterExtension OTHER_NODE = new RosterExtension().on(DATABASE).with("FEED_DATABASE_URL", FEED.url());

    private final Api api = ROSTER.api();
    private final Shell shell = new Shell(DATABASE);
    private final TestUser user = newUser();

    @AfterEach
    void restoreFeed() {
        FEED.restore();
        Poll.until("the feed is fresh", PATIENCE, () -> OTHER_NODE.count("roster_feed_fresh") == 1);
        awaitHeard();
    }

    /** A node that has not heard of the last run would accept the tokens of the next test at first. */
    private static void awaitHeard() {
        long last = revokedAt().getEpochSecond();
        Map<String, Object> claims = TestTokens.claims(UUID.randomUUID());
        claims.put("iat", last);
        claims.put("exp", last + 900);
        for (RosterExtension node : List.of(ROSTER, OTHER_NODE)) {
            awaitRefused(node, TestTokens.sign(TestTokens.header(), claims));
        }
    }

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(DATABASE).verifyAudit();
        FEED.close();
    }

    /** S3 */
    @Test
    void everybodyIsLoggedOutOnEveryNode() {
        shell.run("end-all-sessions", "--yes");
        TestUser first = newUser();
        TestSession second = api.newSession(first);
        TestUser other = newUser();

        Outcome outcome = shell.run("end-all-sessions", "--yes");

        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.output())
                .matches("ended 3 sessions of 2 users; every access token issued until \\S+Z is refused\n");
        for (String token : List.of(first.token(), second.accessToken(), other.token())) {
            awaitRefused(ROSTER, token);
            awaitRefused(OTHER_NODE, token);
        }
        api.refresh(second.refreshToken()).expectProblem(401, "invalid-token");
        OTHER_NODE.api().refresh(second.refreshToken()).expectProblem(401, "invalid-token");
        expectLoginsToWork(first);
    }

    /** Such tokens exist after a restore: they were issued after the backup. */
    @Test
    void tokensOfSessionsAndUsersThatTheDatabaseDoesNotKnowAreRefused() {
        String ofNobody = TestTokens.sign(UUID.randomUUID(), Duration.ZERO);
        String ofNoSession = TestTokens.sign(user.token(), Duration.ZERO);
        DATABASE.jdbi().useHandle(handle -> handle.execute("DELETE FROM sessions WHERE user_id = ?", user.id()));
        for (String token : List.of(ofNobody, ofNoSession, user.token())) {
            api.get(user.path(), token).expect(200);
        }

        shell.run("end-all-sessions", "--yes");

        for (String token : List.of(ofNobody, ofNoSession, user.token())) {
            awaitRefused(ROSTER, token);
            awaitRefused(OTHER_NODE, token);
            api.put(user.path(), token, Map.of("name", "Too Late")).expectInvalidToken();
        }
    }

    /** S4: a node that hears nothing asks the database. */
    @Test
    void tokensAreRefusedOnANodeWithoutItsFeed() {
        FEED.cut();
        Poll.until("the feed is lost", PATIENCE, () -> OTHER_NODE.count("roster_feed_fresh") == 0);
        OTHER_NODE.api().get("/users/me", user.token()).expect(200);

        shell.run("end-all-sessions", "--yes");

        OTHER_NODE.api().get("/users/me", user.token()).expectInvalidToken();
        Poll.until("a login works", PATIENCE, () -> works(OTHER_NODE, api.newToken(user.email())));
    }

    @Test
    void tokensAreRefusedByANodeThatStartsLater() throws Exception {
        shell.run("end-all-sessions", "--yes");

        RosterExtension later = new RosterExtension().on(DATABASE);
        later.start();
        try {
            later.api().get("/users/me", user.token()).expectInvalidToken();
            Poll.until("a login works", PATIENCE, () -> works(later, api.newToken(user.email())));
        } finally {
            later.stop();
        }
    }

    /** S3: nodes with other settings may have issued tokens that live longer. */
    @Test
    void revocationLastsForTheMaximumTokenLifetime() {
        shell.with("ACCESS_TOKEN_LIFETIME", "1m").run("end-all-sessions", "--yes");

        boolean outlivesEveryToken = DATABASE.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                                SELECT expires_at >= revoked_at + interval '1 hour 5 seconds'
                                  FROM token_blocklist
                                 WHERE kind = 'all'
                                """).mapTo(Boolean.class).one());
        assertThat(outlivesEveryToken).isTrue();
    }

    /** A node's clock may be ahead of the database's by a round trip, and so may the issue times of its tokens. */
    @Test
    @SuppressWarnings("removal") // the plugin class does not compile here: an annotation it uses is in no jar
    void tokensWithAnIssueTimeOfTheNextSecondAreRefused() {
        Duration ahead = DATABASE.jdbi().installPlugins().inTransaction(handle -> {
            Instant now =
                    handle.createQuery("SELECT now()").mapTo(Instant.class).one();
            Instant revokedUntil = handle.attach(TokenBlocklist.class).revokeAll("test", now.plusSeconds(3600));
            handle.rollback();
            return Duration.between(now, revokedUntil);
        });

        assertThat(ahead).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void eachEndedSessionAndTheCommandAreAudited() {
        UUID second = api.newSession(user).id();
        long before = eventsOfAll().size();

        shell.run("end-all-sessions", "--yes");

        assertThat(shell.eventsOf(user.id()))
                .hasSize(2)
                .contains(Event.of("session_ended", second))
                .allMatch(event -> event.equals(Event.of("session_ended", event.sessionId())));
        assertThat(eventsOfAll()).hasSize((int) before + 1).containsOnly(Event.of("session_ended", null));
    }

    @Test
    void sessionsOfMoreUsersThanABatchEnd() {
        shell.run("end-all-sessions", "--yes");
        DATABASE.jdbi().useHandle(handle -> handle.execute("""
                WITH crowd AS (
                    INSERT INTO users (id, name, email, role, password_hash)
                    SELECT gen_random_uuid(), 'One of Many', gen_random_uuid() || '@example.org', 'user', password_hash
                      FROM users, generate_series(1, 250)
                     WHERE email = ?
                    RETURNING id)
                INSERT INTO sessions (id, user_id, expires_at)
                SELECT gen_random_uuid(), id, now() + interval '1 day'
                  FROM crowd, generate_series(1, 2)
                """, user.email()));

        Outcome outcome = shell.run("end-all-sessions", "--yes");

        assertThat(outcome.output()).startsWith("ended 500 sessions of 250 users; ");
    }

    @Test
    void secondRunMovesTheMomentForward() {
        shell.run("end-all-sessions", "--yes");
        Instant first = revokedAt();

        Outcome outcome = shell.run("end-all-sessions", "--yes");

        Instant second = revokedAt();
        assertThat(second).isAfter(first);
        expect(outcome, "ended 0 sessions of 0 users; every access token issued until " + second + " is refused");
    }

    @Test
    void commandWithoutTheConfirmationIsRefused() {
        expectRefusal(
                shell.run("end-all-sessions"), "end-all-sessions: --yes is missing: this command logs everybody out");

        api.get("/users/me", user.token()).expect(200);
    }

    /** Tokens of the second after everybody was logged out are refused, too. */
    private TestUser newUser() {
        TestUser[] created = new TestUser[1];
        Poll.until("a new user's token works", PATIENCE, () -> {
            created[0] = api.newUser();
            boolean isAccepted = works(ROSTER, created[0].token());
            if (!isAccepted) {
                DATABASE.jdbi().useHandle(handle -> handle.execute("DELETE FROM users WHERE id = ?", created[0].id()));
            }
            return isAccepted;
        });
        return created[0];
    }

    private void expectLoginsToWork(TestUser person) {
        for (RosterExtension node : List.of(ROSTER, OTHER_NODE)) {
            Poll.until("a login works", PATIENCE, () -> works(node, api.newToken(person.email())));
        }
    }

    private static boolean works(RosterExtension node, String token) {
        return node.api().get("/users/me", token).status() == 200;
    }

    private static void awaitRefused(RosterExtension node, String token) {
        Poll.until(
                "the token is refused",
                PATIENCE,
                () -> node.api().get("/users/me", token).status() == 401);
    }

    /** The moment of the last run. */
    private static Instant revokedAt() {
        return DATABASE.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                                SELECT coalesce(max(revoked_at), 'epoch') FROM token_blocklist WHERE kind = 'all'
                                """).mapTo(Instant.class).one());
    }

    /** The audit events about nobody in particular. */
    private static List<Event> eventsOfAll() {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT type, actor_id, session_id, details, host(ip) AS ip, user_agent
                          FROM audit_events
                         WHERE target_id IS NULL AND details = 'by_operator'
                        """)
                .map(ConstructorMapper.of(Event.class))
                .list());
    }
}
