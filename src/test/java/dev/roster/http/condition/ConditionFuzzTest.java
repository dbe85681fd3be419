package dev.roster.http.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Chance;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** L7: any conditional header is read, without an exception. The profile fuzz runs this too. */
public class ConditionFuzzTest {
    private static final Validators CURRENT = Validators.of("1");

    @Test
    void anyConditionalHeaderIsRead() {
        Chance.tryAll(
                List.of(
                        "\"1\", W/\"2\",, \"x-gzip\"",
                        "*",
                        "Sun, 06 Nov 1994 08:49:37 GMT",
                        "Sunday, 06-Nov-94 08:49:37 GMT",
                        "Sun Nov  6 08:49:37 1994"),
                ConditionFuzzTest::fuzzerTestOneInput);
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1); // as Jetty reads a header
        boolean isListed = EntityTags.isListed(text, CURRENT);
        assertThat(isListed && !EntityTags.isAny(text) && !text.contains("\"1")).isFalse();
        Instant date = HttpDates.parse(text);
        assertThat(date == null || date.equals(date.truncatedTo(ChronoUnit.SECONDS)))
                .isTrue();
    }
}
