package dev.roster.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RevokedTokensTest {
    private final TestClock clock = new TestClock();
    private final RevokedTokens revoked = new RevokedTokens(clock, () -> clock.millis() * 1_000_000);
    private final AccessToken token = token();

    @Test
    void refusesATokenForItself() {
        revoked.add(Revocation.ofToken(token, "test", token.expiresAt()));

        assertThat(revoked.contains(token)).isTrue();
        assertThat(revoked.contains(token())).isFalse();
    }

    @Test
    void refusesATokenForItsSession() {
        revoked.add(Revocation.ofSession(session(token), token.userId(), "test", token.expiresAt()));

        assertThat(revoked.contains(token)).isTrue();
        assertThat(revoked.contains(token())).isFalse();
    }

    @Test
    void refusesATokenForItsUser() {
        revoked.add(Revocation.ofUser(token.userId(), "test", token.expiresAt()));

        assertThat(revoked.contains(token)).isTrue();
        assertThat(revoked.contains(token())).isFalse();
    }

    @Test
    void looksAtATokenWithoutASession() {
        Instant now = clock.instant();
        AccessToken alone = new AccessToken(UUID.randomUUID(), UUID.randomUUID(), null, now, now.plusSeconds(900));

        assertThat(revoked.contains(alone)).isFalse();
        revoked.add(Revocation.ofToken(alone, "test", alone.expiresAt()));
        assertThat(revoked.contains(alone)).isTrue();
    }

    @Test
    void forgetsATokenFiveMinutesPastItsEnd() {
        revoked.add(Revocation.ofToken(token, "test", token.expiresAt()));

        clock.advance(Duration.ofSeconds(900 + 5 * 60 - 10));
        assertThat(revoked.contains(token)).isTrue();
        clock.advance(Duration.ofSeconds(20));
        assertThat(revoked.contains(token)).isFalse();
    }

    @Test
    void holdsWhatIsRevokedTwiceUntilTheLaterEnd() {
        revoked.add(Revocation.ofUser(token.userId(), "test", token.expiresAt().plusSeconds(3600)));
        revoked.add(Revocation.ofUser(token.userId(), "test", token.expiresAt()));

        clock.advance(Duration.ofMinutes(75));
        assertThat(revoked.contains(token)).isTrue();
    }

    @Test
    void holdsATokenThatHasJustEnded() {
        clock.advance(Duration.ofSeconds(900 + 5 * 60 - 10));
        revoked.add(Revocation.ofToken(token, "test", token.expiresAt()));

        assertThat(revoked.contains(token)).isTrue();
    }

    @Test
    void doesNotHoldATokenThatEndedLongAgo() {
        clock.advance(Duration.ofDays(400));
        revoked.add(Revocation.ofToken(token, "test", token.expiresAt()));

        assertThat(revoked.contains(token)).isFalse();
    }

    @Test
    void holdsWhatEndsBeyondAllTime() {
        revoked.add(Revocation.ofToken(token, "test", Instant.MAX));
        clock.advance(Duration.ofDays(400));

        assertThat(revoked.contains(token)).isTrue();
    }

    /** S7 */
    @Test
    void dropsNothingHoweverMuchItHolds() {
        List<AccessToken> tokens = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            tokens.add(token());
        }

        tokens.forEach(each -> revoked.add(Revocation.ofToken(each, "test", each.expiresAt())));

        assertThat(tokens).allMatch(revoked::contains);
        assertThat(revoked.size()).isEqualTo(100_000);
    }

    private AccessToken token() {
        Instant now = clock.instant();
        return new AccessToken(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), now, now.plusSeconds(900));
    }

    private static UUID session(AccessToken token) {
        UUID session = token.sessionId();
        if (session == null) {
            throw new IllegalStateException("No session");
        }
        return session;
    }
}
