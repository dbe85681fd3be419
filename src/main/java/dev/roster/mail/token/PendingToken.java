package dev.roster.mail.token;

import java.util.UUID;

/**
 * A token for a pending registration.
 *
 * @param address which it proves
 * @param passwordHash whoever uses the token must know the password
 */
public record PendingToken(UUID tokenId, UUID pendingId, String address, String passwordHash) {
    @Override
    public String toString() {
        return "PendingToken[pendingId=" + pendingId + "]";
    }
}
