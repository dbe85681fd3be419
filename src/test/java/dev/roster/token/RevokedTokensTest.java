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
        revoked.add(token.id(), token.expiresAt());

        assertThat(revoked.contains(token)).isTrue();
        assertThat(revoked.contains(token())).isFalse();
    }

    @Test
    void refusesATokenForItsSession() {
        revoked.add(session(token), token.expiresAt());

        assertThat(revoked.contains(token)).isTrue();
        assertThat(revoked.contains(token())).isFalse();
    }

    @Test
    void refusesATokenForItsUser() {
        revoked.add(token.userId(), token.expiresAt());

        assertThat(revoked.contains(token)).isTrue();
        assertThat(revoked.contains(token())).isFalse();
    }

    @Test
    void looksAtATokenWithoutASession() {
        Instant now = clock.instant();
        AccessToken alone = new AccessToken(UUID.randomUUID(), UUID.randomUUID(), null, now, now.plusSeconds(900));

        assertThat(revoked.contains(alone)).isFalse();
        revoked.add(alone.id(), alone.expiresAt());
        assertThat(revoked.contains(alone)).isTrue();
    }

    @Test
    void forgetsATokenFiveMinutesPastItsEnd() {
        revoked.add(token.id(), token.expiresAt());

        clock.advance(Duration.ofSeconds(900 + 5 * 60 - 10));
        assertThat(revoked.contains(token)).isTrue();
        clock.advance(Duration.ofSeconds(20));
        assertThat(revoked.contains(token)).isFalse();
    }

    @Test
    void holdsATokenThatHasJustEnded() {
        clock.advance(Duration.ofSeconds(900 + 5 * 60 - 10));
        revoked.add(token.id(), token.expiresAt());

        assertThat(revoked.contains(token)).isTrue();
    }

    @Test
    void doesNotHoldATokenThatEndedLongAgo() {
        clock.advance(Duration.ofDays(400));
        revoked.add(token.id(), token.expiresAt());

        assertThat(revoked.contains(token)).isFalse();
    }

    @Test
    void holdsWhatEndsBeyondAllTime() {
        revoked.add(token.id(), Instant.MAX);
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

        tokens.forEach(each -> revoked.add(each.id(), each.expiresAt()));

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
