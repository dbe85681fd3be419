package dev.roster.token;

import dev.roster.key.SecretKey;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/**
 * The {@code tokens} section of the configuration.
 *
 * @param secretKey signs the tokens; anybody who knows it can act as any user
 * @param issuer the {@code iss} claim
 * @param audience the {@code aud} claim
 * @param lifetime the time from {@code iat} to {@code exp}; revocations are kept for as long
 * @param revocationFreshness how long a node trusts its revocation list after last confirming that it is complete
 */
public record TokenConfiguration(
        @NotNull SecretKey secretKey,
        @NotBlank String issuer,
        @NotBlank String audience,

        @NotNull
        @MinDuration(value = 1, unit = TimeUnit.MINUTES)
        @MaxDuration(value = TokenConfiguration.LONGEST_LIFETIME_MINUTES, unit = TimeUnit.MINUTES)
        Duration lifetime,

        @NotNull
        @MinDuration(value = 500, unit = TimeUnit.MILLISECONDS)
        @MaxDuration(value = 3, unit = TimeUnit.SECONDS)
        Duration revocationFreshness) {

    static final int LONGEST_LIFETIME_MINUTES = 60;

    @ValidationMethod(message = "(JWT_SECRET_KEY) " + SecretKey.TOO_SHORT)
    public boolean isSecretKeyLongEnough() {
        return secretKey == null || secretKey.isLongEnough();
    }

    @ValidationMethod(message = "(JWT_SECRET_KEY) " + SecretKey.WEAK)
    public boolean isSecretKeyHardToGuess() {
        return secretKey == null || secretKey.isHardToGuess();
    }

    /** For a process that revokes tokens but does not know the lifetime that the nodes use. */
    public TokenConfiguration withLongestLifetime() {
        return new TokenConfiguration(
                secretKey, issuer, audience, Duration.minutes(LONGEST_LIFETIME_MINUTES), revocationFreshness);
    }
}
