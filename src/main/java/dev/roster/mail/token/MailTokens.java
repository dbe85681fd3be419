package dev.roster.mail.token;

import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks the tokens in links of mails: the id of a row and a MAC of the id, the purpose and the address, in
 * base64url. The database has neither a token nor a hash of one. Thread-safe.
 *
 * <p>Lock the user's row before a method that writes, so that two transactions cannot deadlock.
 */
public final class MailTokens {
    private static final int ID_BYTES = 16;
    private static final int MAC_BYTES = 32;

    private final SecretKey secretKey;
    private final Ids ids;

    public MailTokens(SecretKey secretKey, Ids ids) {
        this.secretKey = secretKey;
        this.ids = ids;
    }

    /**
     * Writes the row of a new token. It replaces the user's earlier tokens of the purpose.
     *
     * @param userId null if no user has the address. The same statement runs, but the token is never valid
     * @return the id of the row
     */
    public UUID create(Handle handle, Purpose purpose, @Nullable UUID userId, String address, Duration lifetime) {
        return create(handle, purpose, userId, null, address, lifetime);
    }

    /**
     * The same for a proof of an address, which a user or a pending registration has.
     *
     * @param userId null if no user has the address
     * @param pendingId the pending registration; null if the token is not for one
     */
    public UUID createProof(
            Handle handle, @Nullable UUID userId, @Nullable UUID pendingId, String address, Duration lifetime) {
        return create(handle, Purpose.VERIFY, userId, pendingId, address, lifetime);
    }

    private UUID create(
            Handle handle,
            Purpose purpose,
            @Nullable UUID userId,
            @Nullable UUID pendingId,
            String address,
            Duration lifetime) {
        UUID id = ids.next();
        handle.attach(TokenCommands.class)
                .insert(id, purpose.column(), userId, pendingId, address, lifetime.toSeconds());
        return id;
    }

    /**
     * Writes the row of a new token with which the owner of this address reverts a change. It replaces no other token:
     * otherwise a thief who changes the address twice would end the owner's link.
     *
     * @return the id of the row
     */
    public UUID createRevert(Handle handle, UUID userId, String address, Duration lifetime) {
        UUID id = ids.next();
        handle.attach(TokenCommands.class).insertRevert(id, userId, address, lifetime.toSeconds());
        return id;
    }

    /** Makes the token of a row, for the link in the mail to this address. */
    public String text(UUID id, Purpose purpose, String address) {
        byte[] idBytes = bytes(id);
        byte[] covered = join(
                idBytes,
                purpose.column().getBytes(StandardCharsets.US_ASCII),
                address.getBytes(StandardCharsets.UTF_8));
        byte[] mac = secretKey.authenticate("mail-token-" + purpose.column(), covered);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(join(idBytes, mac));
    }

    /**
     * Finds the user to whom a token belongs. Changes nothing.
     *
     * @return empty unless the token has this purpose, is not used, replaced or expired, and its address fits: it must
     *     be the user's, for {@code CHANGE} the one that the user wants to have, and for {@code REVERT} any
     */
    public Optional<TokenOwner> find(Handle handle, Purpose purpose, String text) {
        TokenCommands rows = handle.attach(TokenCommands.class);
        return find(id -> rows.find(id, purpose.column()), purpose, text);
    }

    Optional<TokenOwner> find(Function<UUID, Optional<TokenOwner>> rows, Purpose purpose, String text) {
        return id(text).flatMap(rows).filter(owner -> isSame(text, text(owner.tokenId(), purpose, owner.address())));
    }

    /**
     * Finds the pending registration to which a token belongs. Changes nothing.
     *
     * @return empty unless the token proves its address, and is not used, replaced or expired
     */
    public Optional<PendingToken> findPending(Handle handle, String text) {
        TokenCommands rows = handle.attach(TokenCommands.class);
        return id(text).flatMap(id -> rows.findPending(id, Purpose.VERIFY.column()))
                .filter(token -> isSame(text, text(token.tokenId(), Purpose.VERIFY, token.address())));
    }

    /** The id in a text that may be a token; empty if the text does not have the form of a token. */
    private static Optional<UUID> id(String text) {
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(text);
            if (decoded.length != ID_BYTES + MAC_BYTES) {
                return Optional.empty();
            }
            ByteBuffer buffer = ByteBuffer.wrap(decoded);
            return Optional.of(new UUID(buffer.getLong(), buffer.getLong()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Compares in constant time. */
    private static boolean isSame(String text, String expected) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Uses a token.
     *
     * @return whether this is its first use, and it has not been replaced or expired
     */
    public boolean use(Handle handle, UUID id) {
        return handle.attach(TokenCommands.class).use(id);
    }

    /**
     * Uses a token of a pending registration that has become a user. The token and its mails belong to the user then:
     * to the export, and they are erased with the user.
     */
    public void adopt(Handle handle, UUID id) {
        handle.attach(TokenCommands.class).adopt(id);
    }

    /** Ends all tokens of a user, except those that revert a change. */
    public void end(Handle handle, UUID userId) {
        handle.attach(TokenCommands.class).end(userId);
    }

    /** Ends the user's tokens of one purpose. */
    public void end(Handle handle, UUID userId, Purpose purpose) {
        handle.attach(TokenCommands.class).end(userId, purpose.column());
    }

    /** Returns whether the owner of this address, ignoring case, may take the account back. */
    public boolean isRevertible(Handle handle, UUID userId, String address) {
        return handle.attach(TokenCommands.class).isRevertible(userId, address);
    }

    /**
     * Ends the links to the addresses that the user has had since a link to this one: a thief who has changed the
     * address more than once has them. Call it when the user has this address again.
     */
    public void endLater(Handle handle, UUID userId, String address) {
        handle.attach(TokenCommands.class).endLater(userId, address);
    }

    /** Ends all tokens of a user. */
    public void endAll(Handle handle, UUID userId) {
        handle.attach(TokenCommands.class).endAll(userId);
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }
}
