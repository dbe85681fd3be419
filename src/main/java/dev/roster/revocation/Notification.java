package dev.roster.revocation;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the trigger on {@code token_blocklist} tells of a row.
 *
 * @param sentAt when the row was written, by the database's clock
 */
public record Notification(UUID id, Instant expiresAt, Instant sentAt) {

    /** @return empty where it is none of the trigger's, or names a time that Java does not know */
    public static Optional<Notification> parse(String payload) {
        String[] parts = payload.split(" ", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Notification(
                    UUID.fromString(parts[0]),
                    Instant.ofEpochSecond(Long.parseLong(parts[1])),
                    Instant.ofEpochMilli(Long.parseLong(parts[2]))));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
