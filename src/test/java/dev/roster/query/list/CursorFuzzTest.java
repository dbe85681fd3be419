package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.key.SecretKey;
import dev.roster.refusal.InvalidValueException;
import dev.roster.support.Chance;
import dev.roster.support.TestTokens;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** L7: a cursor that the service did not write is refused. Also a target of the Maven profile {@code fuzz}. */
public class CursorFuzzTest {
    private static final int CODE_BYTES = 16;
    private static final SecretKey KEY = new SecretKey(TestTokens.SECRET_KEY);
    private static final Cursors CURSORS = new Cursors(KEY);
    private static final String GOOD = CURSORS.write("list", new ListPlace("key", new UUID(1, 2)));

    @Test
    void onlyCursorsOfTheServiceAreRead() {
        Chance.tryAll(List.of(GOOD, "0123456789abcdef0123456789abcdefkey"), CursorFuzzTest::fuzzerTestOneInput);
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        assertThat(isRead(text)).isEqualTo(text.equals(GOOD));
        // With a correct code, the input reaches the parser.
        byte[] code = Arrays.copyOf(KEY.authenticate("cursor", input), CODE_BYTES);
        byte[] signed = ByteBuffer.allocate(code.length + input.length)
                .put(code)
                .put(input)
                .array();
        boolean unused = isRead(Base64.getUrlEncoder().withoutPadding().encodeToString(signed));
    }

    private static boolean isRead(String cursor) {
        try {
            return CURSORS.read(cursor, null).key() != null;
        } catch (InvalidValueException e) {
            return false;
        }
    }
}
