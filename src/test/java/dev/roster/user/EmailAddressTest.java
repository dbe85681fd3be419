package dev.roster.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    @ValueSource(strings = {"", "@", "a@b", "a@[127.0.0.1]"})
    void malformedAddressesAllGetTheSameMessage(String text) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new EmailAddress(text))
                .withMessage("must be a well-formed e-mail address");
    }

    /** The form is that of IDNA 2008, and the address with it is valid. */
    @ParameterizedTest
    @CsvSource({
        "user@exämple.de, xn--exmple-cua.de",
        "user@EXÄMPLE.De, xn--exmple-cua.de",
        "user@Mail.exa\u0308mple.de, mail.xn--exmple-cua.de",
        "user@пример.рф, xn--e1afmkfd.xn--p1ai",
        "user@例え.jp, xn--r8jz45g.jp"
    })
    void internationalDomainIsToldWithItsAsciiForm(String text, String ascii) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new EmailAddress(text))
                .withMessage("must have its domain in ASCII: " + ascii)
                .returns(ErrorCode.INTERNATIONAL_DOMAIN, refused -> refused.reason()
                        .code())
                .returns(Map.of("ascii", ascii), refused -> refused.reason().parameters());
        assertThat(new EmailAddress("user@" + ascii).value()).isEqualTo("user@" + ascii);
    }

    /** Java would write straße.de as strasse.de, and τέλος.gr with another sigma: other domains. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jürgen@example.com | not ü (U+00FC)",
                "jürgen@exämple.de | not ü (U+00FC)",
                "\u212a@example.com | not \u212a (U+212A)",
                "ab\u200b@example.com | not U+200B",
                "a\uff20example.com | not U+FF20",
                "a@example.com\ufeff | not U+FEFF",
                "a@example\u3002com | not U+3002",
                "user@straße.de | not ß (U+00DF); write an international domain in its ASCII form, xn--…",
                "user@τέλος.gr | not τ (U+03C4); write an international domain in its ASCII form, xn--…",
                "a@ä_b.de | not ä (U+00E4); write an international domain in its ASCII form, xn--…",
                "user@ä | not ä (U+00E4); write an international domain in its ASCII form, xn--…"
            })
    void otherCharacterThanAsciiIsNamed(String text, String named) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new EmailAddress(text))
                .withMessage("must have only ASCII characters, " + named)
                .returns(ErrorCode.NOT_ASCII, refused -> refused.reason().code())
                .returns(
                        Map.of("character", named.replaceFirst(".*(U\\+[0-9A-F]{4}).*", "$1")),
                        refused -> refused.reason().parameters());
    }

    @Test
    void domainWhoseAsciiFormIsTooLongIsNotToldIt() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new EmailAddress("a@" + "ä".repeat(62) + "." + "ö".repeat(62) + ".de"))
                .returns(ErrorCode.NOT_ASCII, refused -> refused.reason().code());
    }
}
