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
 * @param hashThreads how many hashes run at once; where absent, as many as there are cores but one, which is left for all
 *     else
 * @param hashWait how long a request waits for one
 */
public record PasswordConfiguration(
        @NotNull @Min(8) @Max(64) Integer minimumLength,
        @NotNull @Min(4) @Max(16) Integer bcryptCost,
        @Nullable @Min(1) @Max(256) Integer hashThreads,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 30, unit = TimeUnit.SECONDS)
        Duration hashWait) {

    /** What one of bcrypt's 2^cost rounds takes, about, on a core of today. */
    private static final long NANOS_OF_A_ROUND = 65_000;

    /** The pool that this section describes. */
    public HashingPool hashingPool() {
        int threads = hashThreads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() - 1) : hashThreads;
        return new HashingPool(
                threads, java.time.Duration.ofNanos(NANOS_OF_A_ROUND << bcryptCost), hashWait.toJavaDuration());
    }
}
