package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.revocation.RecentRevocations.Known;
import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestClock;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nodes write to a primary that lacks revocations. Here it lacks them because nobody has written them. */
class WriteBackIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final TestClock clock = new TestClock();
    private final Node node = new Node(clock);
    private final Node other = new Node(clock);
    private final TestUser user = api.newUser();
    private final TestSession session = api.newSession(user);
    private final Instant expiresAt = clock.instant().plusSeconds(900);
    private final Revocation logout = Revocation.ofSession(session.id(), user.id(), "logged_out", expiresAt);

    @Test
    void lostLogoutIsWrittenAgainWithItsKindUserAndReason() {
        node.revoked.add(logout);

        assertThat(node.writeBack()).isEqualTo(1);

        assertThat(row(session.id()))
                .containsEntry("kind", "session")
                .containsEntry("user_id", user.id())
                .containsEntry("reason", "logged_out");
        api.refresh(session.refreshToken()).expect(401);
        assertThat(sessions(user.id())).as("the user's other session stays").isEqualTo(1);
    }

    @Test
    void nothingIsWrittenIfNothingIsLost() {
        node.revoked.add(logout);
        assertThat(node.writeBack()).isEqualTo(1);

        assertThat(node.writeBack()).isEqualTo(1);
        other.revoked.add(logout);
        assertThat(other.writeBack()).isZero();
    }

    /** Another node has logged the session out, and has ended since. */
    @Test
    void lostLogoutThatANodeHasOnlyHeardOfIsWrittenAgain() {
        node.hear(session.id(), expiresAt);

        assertThat(node.writeBack()).isEqualTo(1);

        assertThat(row(session.id()))
                .containsEntry("kind", "session")
                .containsEntry("user_id", user.id())
                .containsEntry("reason", "restored");
        api.refresh(session.refreshToken()).expect(401);
    }

    @Test
    void reasonIsMendedByTheNodeThatKnowsIt() {
        node.hear(session.id(), expiresAt);
        node.writeBack();
        other.revoked.add(logout);

        assertThat(other.writeBack()).isEqualTo(1);
        assertThat(row(session.id())).containsEntry("reason", "logged_out");
        assertThat(node.writeBack())
                .as("no node replaces the reason by its ignorance")
                .isEqualTo(1);
        assertThat(row(session.id())).containsEntry("reason", "logged_out");
    }

    @Test
    void sessionsOfADeletedUserWhoIsBackEnd() {
        node.hear(user.id(), expiresAt);

        assertThat(node.writeBack()).isEqualTo(1);

        assertThat(row(user.id())).containsEntry("kind", "user").containsEntry("user_id", user.id());
        assertThat(sessions(user.id())).isZero();
        api.refresh(session.refreshToken()).expect(401);
    }

    @Test
    void revokedTokenWithoutASessionIsWrittenAgain() {
        UUID tokenId = UUID.randomUUID();
        node.hear(tokenId, expiresAt);

        assertThat(node.writeBack()).isEqualTo(1);
        assertThat(row(tokenId)).containsEntry("kind", "token");
    }

    /** The row of a logout is purged when the last access token has expired; the session would live for days. */
    @Test
    void expiredLogoutIsWrittenAgainOnlyIfItsSessionIsBack() {
        Instant over = clock.instant().minus(Duration.ofMinutes(40));
        UUID purged = UUID.randomUUID();
        node.revoked.recent().note(Known.heard(session.id(), over, over.minusSeconds(900)));
        node.revoked.recent().note(Known.heard(purged, over, over.minusSeconds(900)));

        assertThat(node.writeBack()).isEqualTo(1);

        api.refresh(session.refreshToken()).expect(401);
        assertThat(rows(purged)).isEmpty();
    }

    /** Somebody has put a user on the list by hand, and the user has logged in again since. */
    @Test
    void sessionsThatAUserHasOpenedSinceTheRevocationStay() {
        Instant over = clock.instant().minus(Duration.ofMinutes(40));
        node.revoked.recent().note(Known.heard(user.id(), over, over.minusSeconds(900)));

        assertThat(node.writeBack()).isZero();
        assertThat(sessions(user.id())).isEqualTo(2);
    }

    @Test
    void revocationOfAllTokensIsWrittenAgainAndSessionsEndWithIt() {
        Instant until = databaseTime().plusSeconds(1);
        node.revoked.add(AllRevoked.of(until, expiresAt, Revocation.SESSION_ENDED));

        assertThat(node.writeBack()).isEqualTo(1);

        assertThat(row(Revocation.ALL)).containsEntry("kind", "all").containsEntry("reason", "session_ended");
        assertThat(sessions(user.id())).isZero();
        assertThat(other.writeBack()).isZero();
        forgetTheRevocationOfAllTokens();
    }

    /** The row of the revocation was purged, and people have logged in since. */
    @Test
    void expiredRevocationOfAllTokensEndsNothingAgain() {
        Instant until = databaseTime();
        node.revoked.add(AllRevoked.of(until, until.minusSeconds(1), Revocation.SESSION_ENDED));

        assertThat(node.writeBack()).isZero();

        assertThat(rows(Revocation.ALL)).isEmpty();
        assertThat(sessions(user.id())).isEqualTo(2);
    }

    @Test
    void revocationOfAllTokensForAnEndedSigningKeyKeepsSessions() {
        Instant until = databaseTime();
        node.revoked.add(AllRevoked.of(until, expiresAt, "signing key ended"));

        assertThat(node.writeBack()).isEqualTo(1);

        assertThat(row(Revocation.ALL)).containsEntry("reason", "signing key ended");
        assertThat(sessions(user.id())).isEqualTo(2);
        forgetTheRevocationOfAllTokens();
    }

    @Test
    void endedSessionsStayEndedAfterASigningKeyHasEndedToo() {
        Instant until = databaseTime().plusSeconds(1);
        node.revoked.add(AllRevoked.of(until, expiresAt, Revocation.SESSION_ENDED));
        node.revoked.add(AllRevoked.of(until.plusSeconds(1), expiresAt, "signing key ended"));

        assertThat(node.writeBack()).isEqualTo(1);

        assertThat(sessions(user.id())).isZero();
        forgetTheRevocationOfAllTokens();
    }

    @Test
    void nodesThatWriteAtOnceWriteEachRowOnce() throws Exception {
        List<TestSession> ended =
                IntStream.range(0, 30).mapToObj(i -> api.newSession(user)).toList();
        List<Node> nodes = List.of(node, other, new Node(clock));
        nodes.forEach(each -> {
            ended.forEach(one -> each.revoked.add(Revocation.ofSession(one.id(), user.id(), "logged_out", expiresAt)));
            each.revoked.add(Revocation.ofUser(api.newUser().id(), "user_deleted", expiresAt));
        });

        List<Integer> written = Concurrently.run(nodes.size(), i -> nodes.get(i).writeBack());

        assertThat(written.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ended.size() + nodes.size());
        assertThat(sessions(user.id())).isEqualTo(2);
        ended.forEach(one -> api.refresh(one.refreshToken()).expect(401));
    }

    /** A revocation by hand may last forever. */
    @Test
    void endlessRevocationIsWrittenAgain() {
        node.revoked.recent().note(Known.heard(session.id(), Instant.MAX, clock.instant()));

        assertThat(node.writeBack()).isEqualTo(1);
        boolean isEndless = ROSTER.jdbi().withHandle(handle -> handle.select(
                        "SELECT expires_at = 'infinity' FROM token_blocklist WHERE id = ?", session.id())
                .mapTo(Boolean.class)
                .one());
        assertThat(isEndless).isTrue();
    }

    /** The service has heard of it, and refuses the tokens until that moment. */
    private void forgetTheRevocationOfAllTokens() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM token_blocklist WHERE kind = 'all'"));
        Poll.until(
                "new tokens are accepted",
                Duration.ofSeconds(30),
                () -> api.get("/users/me", api.newUser().token()).status() == 200);
    }

    private static Instant databaseTime() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                .mapTo(Instant.class)
                .one());
    }

    private static Map<String, Object> row(UUID id) {
        List<Map<String, Object>> rows = rows(id);
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private static List<Map<String, Object>> rows(UUID id) {
        return ROSTER.jdbi().withHandle(handle -> handle.select("SELECT * FROM token_blocklist WHERE id = ?", id)
                .mapToMap()
                .list());
    }

    private static int sessions(UUID userId) {
        return ROSTER.jdbi()
                .withHandle(handle -> handle.select("SELECT count(*) FROM sessions WHERE user_id = ?", userId)
                        .mapTo(Integer.class)
                        .one());
    }

    /** The memory of a node. */
    private static final class Node {
        private final RevokedTokens revoked;
        private final RevocationListener listener;
        private final PrometheusRegistry metrics = new PrometheusRegistry();
        private final WriteBack writeBack;

        Node(TestClock clock) {
            this.revoked = new RevokedTokens(clock);
            this.listener = new RevocationListener(revoked, metrics);
            this.writeBack = new WriteBack(revoked.recent(), metrics);
        }

        /** As from another node. */
        void hear(UUID id, Instant expiresAt) {
            Instant now = Instant.now();
            assertThat(listener.hear(id + " " + expiresAt.getEpochSecond() + " " + now.toEpochMilli(), now))
                    .isTrue();
        }

        /** @return how many rows this node has written so far */
        int writeBack() {
            try (Handle handle = ROSTER.jdbi().open();
                    Connection connection = handle.getConnection()) {
                writeBack.run(connection, () -> {});
                assertThat(connection.getAutoCommit()).isTrue();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return (int) metrics.scrape(name -> name.equals("roster_revocations_restored")).stream()
                    .map(CounterSnapshot.class::cast)
                    .mapToDouble(counter -> counter.getDataPoints().get(0).getValue())
                    .sum();
        }
    }
}
