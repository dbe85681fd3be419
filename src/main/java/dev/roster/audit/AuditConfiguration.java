package dev.roster.audit;

import dev.roster.key.SecretKey;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * The {@code audit} section of the configuration.
 *
 * @param secretKey the key of the MACs of events and seals; if empty, the tokens' key is used
 * @param retention how many months to keep events; 0 keeps them forever
 * @param sealInterval how often new events are sealed
 */
public record AuditConfiguration(
        @NotNull SecretKey secretKey,

        @NotNull @Min(0) @Max(1200) Integer retention,

        @NotNull @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS) @MaxDuration(value = 1, unit = TimeUnit.HOURS)
        Duration sealInterval) {

    @ValidationMethod(message = "(AUDIT_SECRET_KEY) " + SecretKey.TOO_SHORT)
    public boolean isSecretKeyLongEnough() {
        return secretKey == null || secretKey.isEmpty() || secretKey.isLongEnough();
    }

    @ValidationMethod(message = "(AUDIT_SECRET_KEY) " + SecretKey.WEAK)
    public boolean isSecretKeyHardToGuess() {
        return secretKey == null || secretKey.isHardToGuess();
    }

    /** The key of the MACs: the configured one, or if that is empty, {@code fallback}. */
    public SecretKey keyOr(SecretKey fallback) {
        return secretKey.isEmpty() ? fallback : secretKey;
    }

    /** The first day of the oldest month within the retention. A month expires when its last day is too old. */
    public LocalDate oldestMonth(Instant now) {
        return retention == 0
                ? LocalDate.EPOCH
                : YearMonth.from(now.atOffset(ZoneOffset.UTC))
                        .minusMonths(retention)
                        .atDay(1);
    }
}
