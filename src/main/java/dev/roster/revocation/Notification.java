package dev.roster.revocation;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The payload that the trigger on {@code token_blocklist} sends for a row.
 *
 * @param sentAt when the row was written, by the database's clock
 */
record Notification(UUID id, Instant expiresAt, Instant sentAt) {
    /** Empty if the trigger did not send this payload, or if it contains a time beyond what Java can represent. */
    static Optional<Notification> parse(String payload) {
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
