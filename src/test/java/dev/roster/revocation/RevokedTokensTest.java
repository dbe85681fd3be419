package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RevokedTokensTest {
    private final TestClock clock = new TestClock();
    private final RevokedTokens revoked = new RevokedTokens(clock, () -> clock.millis() * 1_000_000);
    private final UUID id = UUID.randomUUID();
    private final Instant expiresAt = clock.instant().plusSeconds(900);

    @Test
    void onlyRevokedIdsAreContained() {
        revoked.add(id, expiresAt);

        assertThat(revoked.contains(id)).isTrue();
        assertThat(revoked.contains(UUID.randomUUID())).isFalse();
    }

    @Test
    void oneRevokedIdAmongSeveralIsFound() {
        revoked.add(id, expiresAt);

        assertThat(revoked.containsAny(List.of(UUID.randomUUID(), UUID.randomUUID(), id)))
                .isTrue();
        assertThat(revoked.containsAny(List.of(UUID.randomUUID(), UUID.randomUUID())))
                .isFalse();
    }

    /** S9: requests add to memory before the feed brings what they committed, and streams tell what the feed brings. */
    @Test
    void whatTheFeedBringsIsNewsOnceForEachExpiry() {
        revoked.add(id, expiresAt);
        assertThat(revoked.hear(id, expiresAt)).isTrue();
        assertThat(revoked.hear(id, expiresAt)).isFalse();
        assertThat(revoked.hear(id, expiresAt.minusSeconds(60))).isFalse();

        revoked.add(id, expiresAt.plusSeconds(60));
        assertThat(revoked.hear(id, expiresAt.plusSeconds(60))).isTrue();
        revoked.add(id, expiresAt.plusSeconds(60));
        assertThat(revoked.hear(id, expiresAt.plusSeconds(60))).isFalse();
    }

    @Test
    void liveIdsAreThoseThatHaveNotExpired() {
        UUID over = UUID.randomUUID();
        revoked.add(id, expiresAt.plusMillis(1));
        revoked.add(over, clock.instant().minusSeconds(2));

        assertThat(revoked.contains(over)).isTrue();
        assertThat(revoked.live(clock.instant()))
                .containsExactly(new RevokedId(id, RevokedId.second(expiresAt.plusMillis(1))));
    }

    @Test
    void tokensIssuedUntilTheLatestMomentAreAllContained() {
        Instant moment = Instant.parse("2026-11-30T08:00:00.5Z");
        assertThat(revoked.containsAllOf(moment)).isFalse();

        revoked.addAll(moment);
        revoked.addAll(moment.minusSeconds(60));

        assertThat(revoked.containsAllOf(moment)).isTrue();
        assertThat(revoked.containsAllOf(Instant.parse("2026-11-30T08:00:00Z"))).isTrue();
        assertThat(revoked.containsAllOf(Instant.parse("2026-11-30T08:00:01Z"))).isFalse();
    }

    @Test
    void revocationsOfThisNodeAreCounted() {
        revoked.add(Revocation.ofUser(id, "test", expiresAt));
        revoked.add(UUID.randomUUID(), expiresAt);

        assertThat(revoked.sent()).isEqualTo(1);
    }

    @Test
    void revocationIsForgottenFiveMinutesAfterItsExpiry() {
        revoked.add(id, expiresAt);

        clock.advance(Duration.ofSeconds(900 + 5 * 60 - 10));
        assertThat(revoked.contains(id)).isTrue();
        clock.advance(Duration.ofSeconds(20));
        assertThat(revoked.contains(id)).isFalse();
    }

    @Test
    void idRevokedTwiceIsHeldUntilTheLaterExpiry() {
        revoked.add(id, expiresAt.plusSeconds(3600));
        revoked.add(id, expiresAt);

        clock.advance(Duration.ofMinutes(75));
        assertThat(revoked.contains(id)).isTrue();
    }

    @Test
    void revocationThatJustExpiredIsHeld() {
        clock.advance(Duration.ofSeconds(900 + 5 * 60 - 10));
        revoked.add(id, expiresAt);

        assertThat(revoked.contains(id)).isTrue();
    }

    @Test
    void revocationThatExpiredLongAgoIsNotHeld() {
        clock.advance(Duration.ofDays(400));
        revoked.add(id, expiresAt);

        assertThat(revoked.contains(id)).isFalse();
    }

    @Test
    void revocationUntilTheLastInstantIsHeld() {
        revoked.add(id, Instant.MAX);
        clock.advance(Duration.ofDays(400));

        assertThat(revoked.contains(id)).isTrue();
    }

    /** S7 */
    @Test
    void hundredThousandRevocationsAreAllHeld() {
        List<UUID> ids = Stream.generate(UUID::randomUUID).limit(100_000).toList();

        ids.forEach(each -> revoked.add(each, expiresAt));

        assertThat(ids).allMatch(revoked::contains);
        assertThat(revoked.size()).isEqualTo(100_000);
    }
}
