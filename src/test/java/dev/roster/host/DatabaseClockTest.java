package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.TestClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** N6 */
class DatabaseClockTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

    private final TestClock machine = new TestClock();
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // so that it overflows
    private final DatabaseClock clock = new DatabaseClock(machine, () -> nanos);

    @Test
    void timeIsTheMachinesBeforeTheFirstMeasurement() {
        Instant now = Instant.parse("2001-02-03T04:05:06Z");
        DatabaseClock unmeasured = new DatabaseClock(Clock.fixed(now, ZoneOffset.UTC), () -> nanos);

        assertThat(unmeasured.instant()).isEqualTo(now);
        assertThat(unmeasured.skew()).isZero();
        assertThat(unmeasured.isSkewed()).isFalse();
    }

    @Test
    void firstAnswerIsOfTheMiddleOfItsRoundTrip() {
        measure(START, 300);

        assertThat(clock.instant()).isEqualTo(START.plusMillis(150));
    }

    @Test
    void timeFollowsTheMonotonicClock() {
        measure(START, 0);

        nanos += Duration.ofHours(5).toNanos();

        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(5)));
    }

    @Test
    void settingTheMachinesClockDoesNotChangeTheTime() {
        measure(START, 0);

        machine.advance(Duration.ofDays(-400));
        assertThat(clock.instant()).isEqualTo(START);
        machine.advance(Duration.ofDays(800));
        assertThat(clock.instant()).isEqualTo(START);
    }

    /** A slow answer must not make the time jump. */
    @Test
    void answerWithinItsRoundTripChangesNothing() {
        measure(START, 0);

        measure(START, 900);
        assertThat(clock.instant()).isEqualTo(START.plusMillis(900));
        measure(START.plusMillis(1_800), 900);
        assertThat(clock.instant()).isEqualTo(START.plusMillis(1_800));
    }

    @Test
    void timeIsCorrectedAsFarAsTheAnswerProves() {
        measure(START, 0);

        measure(START.plusMillis(500), 200);
        assertThat(clock.instant()).as("it was 300 ms behind at least").isEqualTo(START.plusMillis(500));
        measure(START.plusMillis(100), 200);
        assertThat(clock.instant()).as("it was 400 ms ahead at least").isEqualTo(START.plusMillis(300));
    }

    @Test
    void timeFollowsADatabaseWhoseClockIsSet() {
        measure(START, 0);

        measure(START.plus(Duration.ofDays(30)), 0);

        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofDays(30)));
    }

    @Test
    void skewIsPositiveIfTheMachineIsAhead() {
        Instant now = machine.instant();
        DatabaseClock fixed = new DatabaseClock(Clock.fixed(now, ZoneOffset.UTC), () -> nanos);

        assertThat(fixed.measure(() -> now.minusMillis(1_250))).isEqualTo(now.minusMillis(1_250));
        assertThat(fixed.skew()).isEqualTo(Duration.ofMillis(1_250));
        assertThat(fixed.skewText()).isEqualTo("1.250 s ahead of");

        assertThat(fixed.measure(() -> now.plusSeconds(60))).isEqualTo(now.plusSeconds(60));
        assertThat(fixed.skew()).isEqualTo(Duration.ofMinutes(-1));
        assertThat(fixed.skewText()).isEqualTo("60.000 s behind");
    }

    @Test
    void skewOfMoreThan30SecondsIsTooMuch() {
        Instant now = machine.instant();
        DatabaseClock fixed = new DatabaseClock(Clock.fixed(now, ZoneOffset.UTC), () -> nanos);

        for (int sign : new int[] {-1, 1}) {
            Instant inBounds = now.plusSeconds(sign * 30L);
            assertThat(fixed.measure(() -> inBounds)).isEqualTo(inBounds);
            assertThat(fixed.isSkewed()).isFalse();
            Instant outOfBounds = inBounds.plusMillis(sign);
            assertThat(fixed.measure(() -> outOfBounds)).isEqualTo(outOfBounds);
            assertThat(fixed.isSkewed()).isTrue();
        }
    }

    private void measure(Instant answer, long millisToAnswer) {
        Instant answered = clock.measure(() -> {
            nanos += Duration.ofMillis(millisToAnswer).toNanos();
            return answer;
        });
        assertThat(answered).isEqualTo(answer);
    }
}
