package dev.roster.limit;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code limits} section of the configuration. A zero switches its limit off.
 *
 * @param loginFailures how many wrong passwords in a row for one account from one client address are answered without a
 *     delay
 * @param loginFailuresAnywhere the same from all addresses together, but for those where the account's owner is logged in
 * @param longestDelay to which the delay grows: 1 s after the last of those, then twice as much after each
 * @param addressFailures how many wrong passwords and refresh tokens a minute one address may send
 * @param registrations how many e-mail addresses a minute one address may try to register
 * @param registrationsAtOnce how many at once
 * @param refreshes how often a minute one session may be refreshed
 * @param refreshesAtOnce how often at once
 */
public record LimitConfiguration(
        @NotNull @Min(0) @Max(100) Integer loginFailures,
        @NotNull @Min(0) @Max(10_000) Integer loginFailuresAnywhere,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.DAYS)
        Duration longestDelay,

        @NotNull @Min(0) @Max(1_000_000) Integer addressFailures,
        @NotNull @Min(0) @Max(1_000_000) Integer registrations,
        @NotNull @Min(1) @Max(1_000_000) Integer registrationsAtOnce,
        @NotNull @Min(0) @Max(1_000_000) Integer refreshes,
        @NotNull @Min(1) @Max(1_000_000) Integer refreshesAtOnce) {
    /** What the limits are called. */
    public static final List<String> NAMES = List.of(
            GuessLimit.ACCOUNT,
            GuessLimit.ANYWHERE,
            GuessLimit.ADDRESS,
            GuessLimit.REFRESH_TOKENS,
            RegistrationLimit.ADDRESS,
            RegistrationLimit.EMAIL,
            RefreshLimit.NAME);
}
