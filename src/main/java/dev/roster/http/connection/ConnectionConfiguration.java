package dev.roster.http.connection;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/**
 * The {@code connections} section of the configuration.
 *
 * @param maximum the most connections open at once on a port
 * @param exchangeTimeout the longest time from the first byte of a request to the last byte of its answer
 * @param idleTimeout how long a connection without a request stays open
 */
public record ConnectionConfiguration(
        @NotNull @Min(10) @Max(1_000_000) Integer maximum,

        @NotNull @MinDuration(value = 2, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration exchangeTimeout,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 2, unit = TimeUnit.HOURS)
        Duration idleTimeout) {
    /** The longest time from the first byte of a request to the last byte of its body; leaves time for an answer. */
    public java.time.Duration bodyTimeout() {
        return exchangeTimeout.toJavaDuration().minusSeconds(1);
    }

    /** The longest time from the first byte of a request until its answer is known; leaves time to send the answer. */
    public java.time.Duration answerTimeout() {
        return exchangeTimeout.toJavaDuration().minusMillis(500);
    }
}
