package dev.roster.command.session;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/**
 * The {@code sessions} section of the configuration.
 *
 * @param idleLifetime after which a session ends that is not refreshed
 * @param lifetime after which a session ends however often it is refreshed
 * @param perUser how many a user may have; a login more ends the one that was not used for longest
 * @param refreshGrace for how long a spent refresh token is answered with its successor again
 */
public record SessionConfiguration(
        @NotNull @MinDuration(value = 1, unit = TimeUnit.MINUTES) @MaxDuration(value = 3650, unit = TimeUnit.DAYS)
        Duration idleLifetime,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.MINUTES) @MaxDuration(value = 3650, unit = TimeUnit.DAYS)
        Duration lifetime,

        @NotNull @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
        Duration refreshGrace,

        @NotNull @Min(1) @Max(10_000) Integer perUser) {}
