package dev.roster.host;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's time, on which all nodes agree. {@link #measure} compares it with the database. Between measurements
 * it follows the monotonic clock, so it does not notice when somebody sets this machine's clock. The monotonic clock
 * may stand still while the machine is suspended: whoever cannot wait for the next heartbeat measures first. Before the
 * first measurement, it is this machine's clock. Thread-safe.
 */
public final class DatabaseClock extends Clock {
    private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration MAX_SKEW = Duration.ofSeconds(30);
    private static final double MILLIS = 1000;

    private final Clock machine;
    private final LongSupplier nanoTime;
    private volatile @Nullable Reading last;
    private boolean wasSkewed;

    /**
     * @param machine this machine's clock
     * @param nanoTime the monotonic clock: {@link System#nanoTime}
     */
    DatabaseClock(Clock machine, LongSupplier nanoTime) {
        this.machine = machine;
        this.nanoTime = nanoTime;
    }

    @Override
    public Instant instant() {
        Reading reading = last;
        return reading == null ? machine.instant() : reading.at(nanoTime.getAsLong());
    }

    /**
     * Compares this clock with the database's, and corrects it. Logs when the machine's clock begins or ceases to be
     * {@linkplain #isSkewed skewed}.
     *
     * @param question asks the database for {@code clock_timestamp()}, in one round trip
     * @return the answer
     */
    public <X extends Exception> Instant measure(Question<Instant, X> question) throws X {
        return measure(question, Function.identity());
    }

    /**
     * Does the same with a question that asks for something else, too.
     *
     * @param time returns the part of the answer that is {@code clock_timestamp()}
     * @return the whole answer
     */
    public <T, X extends Exception> T measure(Question<T, X> question, Function<T, Instant> time) throws X {
        long asked = nanoTime.getAsLong();
        T answer = question.ask();
        correct(asked, time.apply(answer), nanoTime.getAsLong());
        return answer;
    }

    private synchronized void correct(long asked, Instant answer, long answered) {
        Reading reading = last;
        if (reading == null) {
            last = new Reading(asked + (answered - asked) / 2, answer);
        } else if (reading.at(asked).isAfter(answer)) {
            last = reading.plus(Duration.between(reading.at(asked), answer));
        } else if (reading.at(answered).isBefore(answer)) {
            last = reading.plus(Duration.between(reading.at(answered), answer));
        } // Otherwise the answer proves no error. A midpoint would make the time jump with the length of round trips.
        boolean isSkewed = isSkewed();
        if (isSkewed && !wasSkewed) {
            LOGGER.warn("This node's clock is {} the database's: the node is not ready until it is set", skewText());
        } else if (!isSkewed && wasSkewed) {
            LOGGER.info("This node's clock agrees with the database's again");
        }
        wasSkewed = isSkewed;
    }

    /** This machine's clock. Compare its times with each other only, never with a stored time. */
    public Clock machine() {
        return machine;
    }

    /** How far this machine's clock is ahead of the database's; negative if it is behind. */
    public Duration skew() {
        return last == null ? Duration.ZERO : Duration.between(instant(), machine.instant());
    }

    /** The skew in words, such as {@code 31.250 s ahead of}. */
    public String skewText() {
        Duration skew = skew();
        return String.format(
                Locale.ROOT, "%.3f s %s", skew.abs().toMillis() / MILLIS, skew.isNegative() ? "behind" : "ahead of");
    }

    /** Whether this machine's clock is more than 30 s ahead of the database's, or behind. */
    boolean isSkewed() {
        return skew().abs().compareTo(MAX_SKEW) > 0;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("Times are in UTC");
    }

    /** Asks the database for its time, alone or with something else. */
    @FunctionalInterface
    public interface Question<T, X extends Exception> {
        T ask() throws X;
    }

    /** The database's time at a moment of the monotonic clock. */
    private record Reading(long nanos, Instant time) {
        Instant at(long otherNanos) {
            return time.plusNanos(otherNanos - nanos);
        }

        Reading plus(Duration correction) {
            return new Reading(nanos, time.plus(correction));
        }
    }
}
