package dev.roster.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.roster.refusal.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
    @Test
    void addressIsTrimmedAndKeepsItsCase() {
        assertThat(new EmailAddress("  Juliet.Ross@Gmail.com ").value()).isEqualTo("Juliet.Ross@Gmail.com");
    }

    @Test
    void surroundingBlanksDoNotCountTowardsTheLength() {
        String longest = "l".repeat(64) + "@" + ("d".repeat(62) + ".").repeat(2) + "d".repeat(63);

        assertThat(new EmailAddress(" ".repeat(300) + longest).value()).hasSize(254);
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new EmailAddress(longest + "x"))
                .withMessage("must be at most 254 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "a@b", "a@[127.0.0.1]", "\u212a@example.com"})
    void malformedAddressesAllGetTheSameMessage(String text) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new EmailAddress(text))
                .withMessage("must be a well-formed e-mail address");
    }
}
