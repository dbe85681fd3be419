package dev.roster.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.roster.refusal.InvalidValueException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PersonNameTest {
    @Test
    void everyKindOfSpaceIsTrimmedAroundANameAndKeptWithinIt() {
        assertThat(new PersonName("\u00a0 \u2007\u3000Juliet\u00a0 Ross\u2028\u202f").value())
                .isEqualTo("Juliet\u00a0 Ross");
    }

    @Test
    void surroundingSpacesDoNotCountTowardsTheLength() {
        String longest = "\uD83E\uDD84".repeat(100);

        assertThat(new PersonName(" ".repeat(200) + longest + " ").value()).isEqualTo(longest);
    }

    @Test
    void lengthIsCountedInNfc() {
        assertThat(new PersonName("e\u0301".repeat(100)).value()).isEqualTo("\u00e9".repeat(100));
        assertThat(new PersonName("\u0958".repeat(50)).value()).isEqualTo("\u0915\u093c".repeat(50));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", "must not be blank"),
                Arguments.of(" \u200b ", "must not be blank"),
                Arguments.of("x".repeat(101), "must be at most 100 characters"),
                Arguments.of("e\u0301".repeat(101), "must be at most 100 characters"),
                Arguments.of("\u0958".repeat(51), "must be at most 100 characters"),
                Arguments.of("x" + "\u0301\u0316".repeat(3000), "must be at most 100 characters"),
                Arguments.of("\tx", "must not contain control characters"),
                Arguments.of("x\u0085", "must not contain control characters"),
                Arguments.of("x\u202ey", "must not contain bidirectional overrides"),
                Arguments.of("x\u2066y", "must not contain bidirectional overrides"),
                Arguments.of("x\uD83E", "must be well-formed Unicode"),
                Arguments.of("\uDD84\uD83E", "must be well-formed Unicode"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void invalidNameIsRefusedWithItsReason(String text, String message) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new PersonName(text))
                .withMessage(message);
    }
}
