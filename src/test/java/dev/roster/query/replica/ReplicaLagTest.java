package dev.roster.query.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplicaLagTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ReplicaLag lag = new ReplicaLag();

    @Test
    void lagIsZeroBeforeTheFirstObservation() {
        assertThat(lag.at(5 * SECOND)).isZero();
    }

    @Test
    void lagIsZeroWhileTheReplicaIsUpToDate() {
        lag.observe(0, 100, 100);

        assertThat(lag.at(5 * SECOND)).isZero();
    }

    @Test
    void lagCountsFromWhenThePrimaryWasFirstSeenAhead() {
        lag.observe(0, 100, 100);
        lag.observe(SECOND, 200, 100);
        lag.observe(2 * SECOND, 300, 100);

        assertThat(lag.at(5 * SECOND)).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void lagCountsFromTheFirstPositionThatTheReplicaHasNotReached() {
        lag.observe(SECOND, 200, 100);
        lag.observe(2 * SECOND, 300, 100);
        lag.observe(3 * SECOND, 400, 250);

        assertThat(lag.at(5 * SECOND)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void lagDoesNotGrowWhileNothingIsWritten() {
        lag.observe(SECOND, 200, 100);
        lag.observe(2 * SECOND, 200, 200);

        assertThat(lag.at(3600 * SECOND)).isZero();
    }

    @Test
    void lagIsCorrectForAReplicaThatIsAwayForMoreThanADay() {
        for (int second = 1; second <= 100_000; second++) {
            lag.observe(second * SECOND, second, 0);
        }

        assertThat(lag.at(100_000 * SECOND)).isEqualTo(Duration.ofSeconds(99_999));

        lag.observe(100_001 * SECOND, 100_001, 50_000); // the replica has caught up by half
        assertThat(lag.at(100_001 * SECOND)).isBetween(Duration.ofSeconds(49_900), Duration.ofSeconds(50_001));
    }

    @Test
    void positionsOfAnEarlierPrimaryAreForgotten() {
        lag.observe(0, 300, 100);
        lag.clear();
        lag.observe(SECOND, 200, 200);

        assertThat(lag.at(5 * SECOND)).isZero();
    }
}
