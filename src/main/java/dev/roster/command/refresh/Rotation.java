package dev.roster.command.refresh;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The changes to a session when it is refreshed.
 *
 * @param hash the hash of the token that is spent
 * @param successorSalt the salt from which its successor is derived
 * @param idleSeconds how long the session lives if it is not refreshed again
 * @param lifetimeSeconds how long it lives from its beginning, however often it is refreshed
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
