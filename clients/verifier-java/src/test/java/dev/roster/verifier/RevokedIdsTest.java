package dev.roster.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RevokedIdsTest {
    private static final Instant NOW = Instant.parse("2026-12-01T11:00:00Z");

    private final RevokedIds ids = new RevokedIds();

    @Test
    void memoryHoldsLiveIdsOnly() throws IOException {
        for (int i = 0; i < 100_000; i++) {
            Instant moment = NOW.plusSeconds(i);
            ids.add("id-" + i, moment.plusSeconds(900).getEpochSecond());
            ids.removeExpired(moment);
            assertThat(ids.size()).isLessThanOrEqualTo(900 + 300 + 1);
            i += 99; // a hundred seconds pass
        }
    }

    @Test
    void idStaysFiveMinutesAfterItsEndAndUntilItsLastEnd() throws IOException {
        ids.add("a", NOW.getEpochSecond());
        ids.add("a", NOW.minusSeconds(100).getEpochSecond());

        ids.removeExpired(NOW.plus(Duration.ofMinutes(5)));
        assertThat(ids.size()).isOne();
        ids.removeExpired(NOW.plus(Duration.ofMinutes(5)).plusSeconds(1));
        assertThat(ids.size()).isZero();
    }

    @Test
    void memoryIsBounded() throws IOException {
        for (int i = 0; i < RevokedIds.MOST; i++) {
            ids.add(Integer.toString(i), 0);
        }

        ids.add("7", 1);
        assertThatThrownBy(() -> ids.add("one more", 0)).isInstanceOf(IOException.class);
        assertThat(ids.size()).isEqualTo(RevokedIds.MOST);
    }
}
