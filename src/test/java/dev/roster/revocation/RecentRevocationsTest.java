package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.revocation.RecentRevocations.Known;
import dev.roster.support.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentRevocationsTest {
    private final TestClock clock = new TestClock();
    private final RecentRevocations recent = new RecentRevocations(clock, 3);
    private final UUID id = UUID.randomUUID();

    @Test
    void revocationsAreKnownForAnHour() {
        recent.note(heard(id));
        clock.advance(Duration.ofMinutes(59));
        assertThat(recent.list()).extracting(Known::id).containsExactly(id);

        clock.advance(Duration.ofMinutes(2));
        assertThat(recent.list()).isEmpty();
    }

    @Test
    void revocationOfAllTokensIsKnownForAnHour() {
        recent.note(AllRevoked.of(clock.instant(), clock.instant().plusSeconds(9), "by_hand"));
        clock.advance(Duration.ofMinutes(59));
        assertThat(recent.all()).isPresent();

        clock.advance(Duration.ofMinutes(2));
        assertThat(recent.all()).isEmpty();
    }

    @Test
    void theFirstGoesIfThereAreTooMany() {
        recent.note(heard(id));
        UUID last = UUID.randomUUID();
        recent.note(heard(UUID.randomUUID()));
        recent.note(heard(UUID.randomUUID()));
        recent.note(heard(last));

        assertThat(recent.list())
                .extracting(Known::id)
                .hasSize(3)
                .contains(last)
                .doesNotContain(id);
    }

    /** A notification may arrive before or after the answer to the commit. */
    @Test
    void descriptionIsKeptWhateverComesFirst() {
        Instant expiresAt = clock.instant().plusSeconds(900);
        Revocation logout = Revocation.ofSession(id, UUID.randomUUID(), "logged_out", expiresAt);
        Known own = Known.of(logout, clock.instant());
        Known heard = Known.heard(id, expiresAt.plusSeconds(60), clock.instant());

        assertThat(own.with(heard)).isEqualTo(heard.with(own));
        assertThat(own.with(heard).reason()).isEqualTo("logged_out");
        assertThat(own.with(heard).expirySecond()).isEqualTo(RevokedId.second(expiresAt.plusSeconds(60)));
    }

    private Known heard(UUID heardId) {
        return Known.heard(heardId, clock.instant().plusSeconds(900), clock.instant());
    }
}
