package dev.roster.command.session;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session to be opened.
 *
 * @param lifetimeSeconds how long it lives unless it is refreshed
 */
public record NewSession(
        UUID id,
        UUID userId,
        String refreshTokenHash,
        long lifetimeSeconds,
        @Nullable String userAgent,
        @Nullable String ip) {
    @Override
    public String toString() {
        return "NewSession[id=" + id + "]";
    }
}
