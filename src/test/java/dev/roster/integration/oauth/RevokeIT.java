package dev.roster.integration.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Revocation of tokens by other services (RFC 7009), on two nodes of one database. */
class RevokeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link LINK = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension NODE = new RosterExtension().on(DATABASE).with("REFRESH_GRACE", "0s");

    @RegisterExtension
    static final RosterExtension OTHER = new RosterExtension().on(DATABASE);

    /** Serves one test only: dead connections stay in its pool. */
    @RegisterExtension
    static final RosterExtension CUT_OFF = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_URL", LINK.url())
            .with("FEED_DATABASE_URL", DATABASE.url());

    private final Api api = NODE.api();
    private final String key = TestKeys.make(NODE.jdbi(), Scope.INTROSPECT);
    private final TestUser user = api.newUser();
    private final TestSession session = api.newSession(user);

    @Test
    void accessTokenEndsItsSession() {
        Reply reply = revoke(session.accessToken()).expect(200);

        assertThat(reply.text()).isEmpty();
        assertEnded(session);
        api.get(user.path(), user.token()).expect(200); // another session
        assertThat(events(session.id())).containsExactly("logged_out by " + user.id());
        awaitRefused(OTHER, session.accessToken());
    }

    @Test
    void expiredAccessTokenEndsItsSession() {
        revoke(TestTokens.sign(session.accessToken(), Duration.ofHours(1))).expect(200);

        assertEnded(session);
        assertThat(events(session.id())).containsExactly("logged_out by " + user.id());
    }

    @Test
    void refreshTokenEndsItsSession() {
        revoke(session.refreshToken()).expect(200);

        assertEnded(session);
        api.get(user.path(), user.token()).expect(200);
        assertThat(events(session.id())).containsExactly("logged_out by " + user.id());
    }

    @Test
    void spentRefreshTokenEndsItsSession() {
        TestSession next = api.refreshed(session.refreshToken());

        revoke(session.refreshToken()).expect(200);

        assertEnded(next);
        assertThat(events(session.id())).containsExactly("logged_out by " + user.id());
    }

    @Test
    void tokenOfNoSessionIsRevokedItself() {
        String token = TestTokens.sign(user.id(), Duration.ZERO);
        String next = TestTokens.sign(user.id(), Duration.ZERO);

        revoke(token).expect(200);

        api.get(user.path(), token).expect(401);
        api.get(user.path(), next).expect(200);
    }

    @Test
    void repeatedRevocationChangesNothing() {
        for (String token : List.of(session.accessToken(), session.refreshToken(), session.accessToken())) {
            assertThat(revoke(token).expect(200).text()).isEmpty();
        }

        assertThat(events(session.id())).hasSize(1);
    }

    @Test
    void sessionThatEndedOnAnotherNodeIsLeftAsItIs() {
        OTHER.api().logout(session.accessToken()).expect(204);

        revoke(session.refreshToken()).expect(200);

        assertEnded(session);
        assertThat(events(session.id())).hasSize(1);
    }

    /** RFC 7009, section 2.2 */
    @Test
    void unknownTokenGetsTheSameAnswer() {
        Reply known = revoke(session.accessToken()).expect(200);
        List<String> unknown = List.of(
                "x",
                key,
                session.accessToken() + "x",
                "A".repeat(session.refreshToken().length()),
                TestTokens.sign(
                        TestTokens.json(TestTokens.header()),
                        TestTokens.json(TestTokens.claims(user.id())),
                        "another-9vKq3LzPpW7cYtXr1nUeHsBd5GmJ",
                        "HmacSHA256"));

        assertThat(unknown).allSatisfy(token -> {
            Reply reply = revoke(token).expect(200);
            assertThat(reply.text()).isEmpty();
            assertThat(reply.headers().map().keySet())
                    .isEqualTo(known.headers().map().keySet());
        });
        api.get(user.path(), user.token()).expect(200);
    }

    @Test
    void revocationIsNotConfirmedWithoutTheDatabase() {
        Api cutOff = CUT_OFF.api();
        cutOff.form("/oauth/revoke", key, "token=x").expect(200);
        LINK.cut();

        for (String token : List.of(session.accessToken(), session.refreshToken())) {
            cutOff.form("/oauth/revoke", key, "token=" + token).expectProblem(503, "unavailable");
        }
        api.get(user.path(), session.accessToken()).expect(200);

        LINK.restore();
        Poll.until(
                "revoked",
                PATIENCE,
                () -> cutOff.form("/oauth/revoke", key, "token=" + session.refreshToken())
                                .status()
                        == 200);
        awaitRefused(NODE, session.accessToken());
        assertEnded(session);
    }

    /** Waits until a node hears that another one has revoked a token. */
    private void awaitRefused(RosterExtension node, String token) {
        Poll.until(
                "refused on another node",
                PATIENCE,
                () -> node.api().get(user.path(), token).status() == 401);
    }

    private Reply revoke(String token) {
        return api.form("/oauth/revoke", key, "token=" + token);
    }

    private void assertEnded(TestSession ended) {
        api.get(user.path(), ended.accessToken()).expectInvalidToken();
        api.refresh(ended.refreshToken()).expectInvalidToken();
        int rows = NODE.jdbi().withHandle(handle -> handle.createQuery("SELECT count(*) FROM sessions WHERE id = ?")
                .bind(0, ended.id())
                .mapTo(Integer.class)
                .one());
        assertThat(rows).isZero();
    }

    /** The events that ended a session. */
    private static List<String> events(UUID sessionId) {
        return NODE.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT type || ' by ' || actor_id
                          FROM audit_events
                         WHERE session_id = ? AND type <> 'logged_in'
                        """)
                .bind(0, sessionId)
                .mapTo(String.class)
                .list());
    }
}
