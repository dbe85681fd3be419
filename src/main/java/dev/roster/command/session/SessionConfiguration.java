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
 * @param idleLifetime a session that is not refreshed for so long ends
 * @param lifetime a session ends after so long, however often it is refreshed
 * @param perUser the maximum number of a user's sessions; the next login ends the least recently used session
 * @param refreshGrace how long a spent refresh token is answered with its successor again
 */
public record SessionConfiguration(
        @NotNull @MinDuration(value = 1, unit = TimeUnit.MINUTES) @MaxDuration(value = 3650, unit = TimeUnit.DAYS)
        Duration idleLifetime,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.MINUTES) @MaxDuration(value = 3650, unit = TimeUnit.DAYS)
        Duration lifetime,

        @NotNull @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
        Duration refreshGrace,

        @NotNull @Min(1) @Max(10_000) Integer perUser) {}
