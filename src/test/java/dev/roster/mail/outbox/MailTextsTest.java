package dev.roster.mail.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailTextsTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 1 minute",
        "PT89S, 1 minute",
        "PT29M59.7S, 30 minutes",
        "PT30M, 30 minutes",
        "PT1H59M, 119 minutes",
        "PT2H, 2 hours",
        "PT23H59M, 23 hours",
        "PT24H, 24 hours",
        "PT47H59M, 47 hours",
        "PT48H, 2 days",
        "PT168H, 7 days",
    })
    void aDurationIsToldInWords(Duration duration, String words) {
        assertThat(MailTexts.words(duration)).isEqualTo(words);
    }
}
