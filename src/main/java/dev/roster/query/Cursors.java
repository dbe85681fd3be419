package dev.roster.query;

import dev.roster.key.SecretKey;
import dev.roster.refusal.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes and reads cursors: the place that a page ended at, and a mark of the list that it belongs to, both under a code
 * that only this service can make. A cursor that somebody has changed, or of another list, is none. Thread-safe.
 */
final class Cursors {
    private static final int CODE_BYTES = 16;
    private static final int ID_BYTES = 16;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKey key;

    Cursors(SecretKey key) {
        this.key = key;
    }

    String write(String list, ListPlace place) {
        byte[] sortKey = place.key().getBytes(StandardCharsets.UTF_8);
        byte[] content = ByteBuffer.allocate(CODE_BYTES + ID_BYTES + sortKey.length)
                .put(mark(list))
                .putLong(place.id().getMostSignificantBits())
                .putLong(place.id().getLeastSignificantBits())
                .put(sortKey)
                .array();
        return ENCODER.encodeToString(ByteBuffer.allocate(CODE_BYTES + content.length)
                .put(code(content))
                .put(content)
                .array());
    }

    /**
     * The place that a cursor stands for.
     *
     * @param list which list it has to be of; null where that is not known, and any will do
     * @throws InvalidValueException where it is no cursor of this list
     */
    ListPlace read(String cursor, @Nullable String list) {
        byte[] bytes = decode(cursor);
        if (bytes.length < CODE_BYTES + CODE_BYTES + ID_BYTES) {
            throw refusal();
        }
        byte[] code = Arrays.copyOf(bytes, CODE_BYTES);
        byte[] content = Arrays.copyOfRange(bytes, CODE_BYTES, bytes.length);
        byte[] mark = Arrays.copyOf(content, CODE_BYTES);
        if (!MessageDigest.isEqual(code, code(content)) || (list != null && !Arrays.equals(mark, mark(list)))) {
            throw refusal();
        }
        ByteBuffer place = ByteBuffer.wrap(content, CODE_BYTES, content.length - CODE_BYTES);
        UUID id = new UUID(place.getLong(), place.getLong());
        return new ListPlace(StandardCharsets.UTF_8.decode(place).toString(), id);
    }

    private static InvalidValueException refusal() {
        return new InvalidValueException("must be the next_cursor of a page of this list");
    }

    // Only the one way to write these bytes: the last character has bits to spare.
    private static byte[] decode(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            return ENCODER.encodeToString(bytes).equals(cursor) ? bytes : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private byte[] mark(String list) {
        return Arrays.copyOf(key.authenticate("cursor-list", list.getBytes(StandardCharsets.UTF_8)), CODE_BYTES);
    }

    private byte[] code(byte[] content) {
        return Arrays.copyOf(key.authenticate("cursor", content), CODE_BYTES);
    }
}
