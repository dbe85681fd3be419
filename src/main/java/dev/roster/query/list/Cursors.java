package dev.roster.query.list;

import dev.roster.key.SecretKey;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads cursors. A cursor holds the position after a page and a tag of its list, both under a MAC. A cursor
 * that was modified or belongs to another list is refused. Thread-safe.
 */
public final class Cursors {
    private static final int MAC_BYTES = 16;
    private static final int TAG_BYTES = 16;
    private static final int ID_BYTES = 16;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKey key;

    public Cursors(SecretKey key) {
        this.key = key;
    }

    /** @param list the identity of the list, a text that no other list has */
    public String write(String list, ListPlace place) {
        byte[] sortKey = place.key().getBytes(StandardCharsets.UTF_8);
        byte[] content = ByteBuffer.allocate(TAG_BYTES + ID_BYTES + sortKey.length)
                .put(tag(list))
                .putLong(place.id().getMostSignificantBits())
                .putLong(place.id().getLeastSignificantBits())
                .put(sortKey)
                .array();
        return ENCODER.encodeToString(ByteBuffer.allocate(MAC_BYTES + content.length)
                .put(mac(content))
                .put(content)
                .array());
    }

    /**
     * Returns the position that a cursor holds.
     *
     * @param list the identity of the list that the cursor must belong to; null accepts any list
     * @throws InvalidValueException if the text is not a cursor of this list
     */
    public ListPlace read(String cursor, @Nullable String list) {
        byte[] bytes = decode(cursor);
        if (bytes.length < MAC_BYTES + TAG_BYTES + ID_BYTES) {
            throw refusal();
        }
        byte[] mac = Arrays.copyOf(bytes, MAC_BYTES);
        byte[] content = Arrays.copyOfRange(bytes, MAC_BYTES, bytes.length);
        byte[] tag = Arrays.copyOf(content, TAG_BYTES);
        if (!MessageDigest.isEqual(mac, mac(content)) || (list != null && !Arrays.equals(tag, tag(list)))) {
            throw refusal();
        }
        ByteBuffer place = ByteBuffer.wrap(content, TAG_BYTES, content.length - TAG_BYTES);
        UUID id = new UUID(place.getLong(), place.getLong());
        return new ListPlace(StandardCharsets.UTF_8.decode(place).toString(), id);
    }

    private static InvalidValueException refusal() {
        return new InvalidValueException(ErrorCode.NOT_ISSUED, "must be the next_cursor of a page of this list");
    }

    // The last base64 character can have unused bits: accept only the spelling with zero bits.
    private static byte[] decode(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            return ENCODER.encodeToString(bytes).equals(cursor) ? bytes : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private byte[] tag(String list) {
        return Arrays.copyOf(key.authenticate("cursor-list", list.getBytes(StandardCharsets.UTF_8)), TAG_BYTES);
    }

    private byte[] mac(byte[] content) {
        return Arrays.copyOf(key.authenticate("cursor", content), MAC_BYTES);
    }
}
