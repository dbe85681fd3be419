package dev.roster.command.verification;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The recipient of a link that proves an address: a user, a pending registration, or nobody.
 *
 * @param address as the user or the registration spells it; empty for nobody, because an address may belong to a person
 */
record Recipient(@Nullable UUID userId, @Nullable UUID pendingId, String address) {
    static final Recipient NOBODY = new Recipient(null, null, "");

    static Recipient user(UUID id, String address) {
        return new Recipient(id, null, address);
    }

    static Recipient pending(UUID id, String address) {
        return new Recipient(null, id, address);
    }
}
