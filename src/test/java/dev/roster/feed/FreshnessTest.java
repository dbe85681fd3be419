package dev.roster.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.feed.Freshness.Moment;
import dev.roster.support.TestClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // so that it overflows
    private Clock wall = Clock.fixed(new TestClock().instant(), ZoneOffset.UTC);
    private final Freshness freshness = new Freshness(
            () -> nanos,
            new Clock() {
                @Override
                public Instant instant() {
                    return wall.instant();
                }

                @Override
                public ZoneOffset getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            },
            Duration.ofSeconds(3));

    @Test
    void feedIsNotFreshBeforeItsFirstProof() {
        assertThat(freshness.isFresh()).isFalse();
        assertThat(freshness.age()).isNull();
    }

    @Test
    void feedIsFreshForLessThanTheLimit() {
        freshness.prove(freshness.now());
        assertThat(freshness.isFresh()).isTrue();

        pass(Duration.ofMillis(2_999));
        assertThat(freshness.isFresh()).isTrue();
        assertThat(freshness.age()).isEqualTo(Duration.ofMillis(2_999));

        pass(Duration.ofMillis(1));
        assertThat(freshness.isFresh()).isFalse();
    }

    /** S5: the response arrives before a pause and is read after it. */
    @Test
    void freshnessCountsFromTheRequestForTheProof() {
        Moment asked = freshness.now();
        pass(Duration.ofSeconds(30));

        freshness.prove(asked);

        assertThat(freshness.isFresh()).isFalse();
    }

    @Test
    void lostFeedIsNotFresh() {
        freshness.prove(freshness.now());

        freshness.lose();

        assertThat(freshness.isFresh()).isFalse();
        assertThat(freshness.age()).isNull();
    }

    @Test
    void nextProofMakesTheFeedFreshAgain() {
        freshness.prove(freshness.now());
        pass(Duration.ofSeconds(10));

        freshness.prove(freshness.now());

        assertThat(freshness.isFresh()).isTrue();
    }

    @Test
    void feedIsNotFreshAfterASuspendThatStopsTheMonotonicClock() {
        freshness.prove(freshness.now());

        wall = Clock.offset(wall, Duration.ofMinutes(1));

        assertThat(freshness.isFresh()).isFalse();
    }

    @Test
    void wallClockSetBackDoesNotProlongFreshness() {
        freshness.prove(freshness.now());
        wall = Clock.offset(wall, Duration.ofHours(-1));

        assertThat(freshness.isFresh()).isTrue();
        nanos += Duration.ofSeconds(3).toNanos();
        assertThat(freshness.isFresh()).isFalse();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
        wall = Clock.offset(wall, duration);
    }
}
