package dev.roster.password;

import dev.roster.fair.FairPool;
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
 * @param minimumLength in code points, at least 8 (ASVS 6.2.1)
 * @param bcryptCost at least 10 in production (ASVS appendix C); tests use less
 * @param hashThreads how many hashes run at once; by default as many as there are cores, because hashing threads give
 *     way to all others
 * @param hashWait how long a request waits for a hashing thread
 */
public record PasswordConfiguration(
        @NotNull @Min(8) @Max(64) Integer minimumLength,
        @NotNull @Min(4) @Max(16) Integer bcryptCost,
        @Nullable @Min(1) @Max(256) Integer hashThreads,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 30, unit = TimeUnit.SECONDS)
        Duration hashWait) {

    /** The approximate time of one of the 2^cost rounds of bcrypt. */
    private static final long NANOS_PER_ROUND = 65_000;

    /** Creates the pool that this section describes. The caller closes it. */
    public FairPool hashingPool() {
        int threads = hashThreads == null ? Runtime.getRuntime().availableProcessors() : hashThreads;
        return FairPool.ofLowPriority(
                "hashing",
                threads,
                java.time.Duration.ofNanos(NANOS_PER_ROUND << bcryptCost),
                hashWait.toJavaDuration());
    }
}
