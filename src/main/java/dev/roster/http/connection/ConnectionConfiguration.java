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
 * @param maximum how many there may be at once on a port
 * @param exchangeTimeout what may pass from the first byte of a request to the last of its answer
 */
public record ConnectionConfiguration(
        @NotNull @Min(10) @Max(1_000_000) Integer maximum,

        @NotNull @MinDuration(value = 2, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration exchangeTimeout) {
    /** What may pass from the first byte of a request to the last of its body, so that there is time for an answer. */
    public java.time.Duration bodyTimeout() {
        return exchangeTimeout.toJavaDuration().minusSeconds(1);
    }
}
