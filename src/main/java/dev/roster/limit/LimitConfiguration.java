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
 * The {@code limits} section of the configuration. 0 switches a limit off.
 *
 * @param loginFailures how many consecutive wrong passwords for one account from one client address are answered
 *     before the account closes for that address
 * @param loginFailuresAnywhere the same for all client networks together; a network from which the owner logged in
 *     lately stays open
 * @param longestDelay the longest time for which an account closes; the first time is 1 s, each further one twice as
 *     long
 * @param addressFailures how many wrong passwords and API keys a client address may send a minute, and as many wrong
 *     refresh tokens
 * @param registrations how many e-mail addresses a client address may try to register a minute
 * @param registrationsAtOnce how many of them may come at once
 * @param refreshes how often a session may be refreshed a minute
 * @param refreshesAtOnce how many of these refreshes may come at once
 * @param logins how often one person may log in a minute
 * @param loginsAtOnce how many of these logins may come at once
 * @param changes how often one person may change the account a minute
 * @param changesAtOnce how many of these changes may come at once
 */
public record LimitConfiguration(
        @NotNull @Min(0) @Max(100) Integer loginFailures,
        @NotNull @Min(0) @Max(10_000) Integer loginFailuresAnywhere,

        @NotNull @MinDuration(value = 0, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.DAYS)
        Duration longestDelay,

        @NotNull @Min(0) @Max(1_000_000) Integer addressFailures,
        @NotNull @Min(0) @Max(1_000_000) Integer registrations,
        @NotNull @Min(0) @Max(1_000_000) Integer registrationsAtOnce,
        @NotNull @Min(0) @Max(1_000_000) Integer refreshes,
        @NotNull @Min(0) @Max(1_000_000) Integer refreshesAtOnce,
        @NotNull @Min(0) @Max(1_000_000) Integer logins,
        @NotNull @Min(0) @Max(1_000_000) Integer loginsAtOnce,
        @NotNull @Min(0) @Max(1_000_000) Integer changes,
        @NotNull @Min(0) @Max(1_000_000) Integer changesAtOnce) {

    static final String LOGIN = "login";
    static final String CHANGE = "change";

    /** How often one API key may be used. */
    public static final String KEY = "key";

    /** How many DELETE requests one API key may make. */
    public static final String KEY_DELETION = "key-deletion";

    /** How many streams of revocations one API key may have open on a node. */
    public static final String KEY_STREAMS = "key-streams";

    /** How many mails one client address may request. */
    public static final String MAILS_PER_CLIENT = "mails-per-client";

    /** How many mails people may request for one e-mail address. Refuses no request. */
    public static final String MAILS_PER_ADDRESS = "mails-per-address";

    /** The names of all limits that refuse requests. */
    public static final List<String> NAMES = List.of(
            GuessLimit.ACCOUNT,
            GuessLimit.ANYWHERE,
            GuessLimit.ADDRESS,
            GuessLimit.REFRESH_TOKENS,
            RegistrationLimit.ADDRESS,
            RegistrationLimit.EMAIL,
            RefreshLimit.NAME,
            LOGIN,
            CHANGE,
            KEY,
            KEY_DELETION,
            KEY_STREAMS,
            MAILS_PER_CLIENT);
}
