package dev.roster.command.session;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a session when it is refreshed.
 *
 * @param hash of the token that is spent by it
 * @param successorSalt what its successor is made of
 * @param idleSeconds how long the session lives on, if it is not refreshed again
 * @param lifetimeSeconds how long it lives from its beginning at the most
 */
public record Rotation(
        UUID sessionId,
        String hash,
        String successorSalt,
        String successorHash,
        long idleSeconds,
        long lifetimeSeconds,
        @Nullable String userAgent,
        @Nullable String ip) {
    @Override
    public String toString() {
        return "Rotation[sessionId=" + sessionId + "]";
    }
}
