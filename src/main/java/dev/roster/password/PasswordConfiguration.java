package dev.roster.password;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The {@code passwords} section of the configuration.
 *
 * @param minimumLength in code points, never under 8 (ASVS 6.2.1)
 * @param bcryptCost 10 at least wherever people are real (ASVS appendix C); tests go lower
 * @param hashThreads how many hashes run at once; as many as there are cores where absent
 * @param hashQueue how many requests may wait for one
 * @param hashWait how long a request waits in that queue
 */
public record PasswordConfiguration(
        @NotNull @Min(8) @Max(64) Integer minimumLength,
        @NotNull @Min(4) @Max(16) Integer bcryptCost,
        @Nullable @Min(1) @Max(256) Integer hashThreads,
        @NotNull @Min(1) @Max(10_000) Integer hashQueue,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 30, unit = TimeUnit.SECONDS)
        Duration hashWait) {

    /** The pool that this section describes. */
    public HashingPool hashingPool() {
        int threads = hashThreads == null ? Runtime.getRuntime().availableProcessors() : hashThreads;
        return new HashingPool(threads, hashQueue, hashWait.toJavaDuration());
    }
}
