package dev.roster.token;

import dev.roster.key.SecretKey;
import dev.roster.token.signing.KeySettings;
import dev.roster.token.signing.SigningAlgorithm;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.concurrent.TimeUnit;

/**
 * The {@code tokens} section of the configuration.
 *
 * @param secretKey signs the tokens of HS256, and seals other signing keys; anybody who knows it, and for these also
 *     the database, can act as any user
 * @param issuer the {@code iss} claim
 * @param audience the {@code aud} claim
 * @param lifetime the time from {@code iat} to {@code exp}; revocations are kept for as long
 * @param algorithm of the signatures of tokens, from the start of this node on
 * @param keyRotation the age at which a signing key is replaced
 * @param keyLead how long a new signing key is published before it signs
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
        @Pattern(regexp = "HS256|ES256|RS256|EdDSA", message = "(TOKEN_ALGORITHM) must be HS256, ES256, RS256 or EdDSA")
        String algorithm,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 3650, unit = TimeUnit.DAYS)
        Duration keyRotation,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 7, unit = TimeUnit.DAYS)
        Duration keyLead,

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
                secretKey,
                issuer,
                audience,
                Duration.minutes(LONGEST_LIFETIME_MINUTES),
                algorithm,
                keyRotation,
                keyLead,
                revocationFreshness);
    }

    KeySettings keys() {
        return new KeySettings(
                secretKey,
                SigningAlgorithm.find(algorithm).orElseThrow(),
                keyRotation.toJavaDuration(),
                keyLead.toJavaDuration(),
                AccessTokens.span(lifetime.toJavaDuration()));
    }
}
