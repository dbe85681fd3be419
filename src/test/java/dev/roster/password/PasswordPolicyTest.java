package dev.roster.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nulabinc.zxcvbn.StandardDictionaries;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {
    private static final PasswordPolicy POLICY = policy(8);

    /** A1: in any script, without composition rules. */
    @ParameterizedTest
    @MethodSource("acceptable")
    void acceptsAnyLongEnoughText(String text) {
        assertThat(POLICY.parse(text).password().text()).isEqualTo(text);
    }

    static Stream<String> acceptable() {
        return Stream.of(
                "qzvkwmxj", // eight letters
                "qzvkwmxjp",
                "73920581",
                "        ", // eight blanks, which are not trimmed
                " qzvkwm ",
                "q".repeat(72),
                "\u043f\u0430\u0440\u043e\u043b\u044c\u043a\u0430\u043a",
                "パスワードはこれです",
                "\u05e1\u05d9\u05e1\u05de\u05d4\u05d7\u05d3\u05e9\u05d4",
                "😀🐎🔋🖇🎩🧦🪣🧊", // eight code points, sixteen chars
                "😀".repeat(18), // 72 bytes
                "\t\n\u0001qzvkw",
                "\u200b".repeat(8));
    }

    /** A1, A3, A4 */
    @ParameterizedTest
    @MethodSource("unacceptable")
    void refusesUnacceptableTexts(String text, String reason) {
        assertThatThrownBy(() -> POLICY.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(reason);
    }

    static Stream<Arguments> unacceptable() {
        String tooShort = "must be at least 8 characters";
        String tooLong = "must be at most 72 bytes in UTF-8";
        return Stream.of(
                Arguments.of("", tooShort),
                Arguments.of("qzvkwmx", tooShort),
                Arguments.of("😀🐎🔋🖇🎩🧦🪣", tooShort), // seven code points
                Arguments.of("e\u0301".repeat(7), tooShort), // seven in NFC
                Arguments.of("q".repeat(73), tooLong),
                Arguments.of("😀".repeat(18) + "q", tooLong),
                Arguments.of("😀".repeat(64), tooLong),
                Arguments.of("q".repeat(16_000), tooLong),
                Arguments.of("qzvk\0wmxj", "must not contain U+0000"),
                Arguments.of("qzvkwmxj\0", "must not contain U+0000"),
                Arguments.of("qzvkwmxj\ud800", "must be well-formed Unicode"),
                Arguments.of("\udc00qzvkwmxj", "must be well-formed Unicode"));
    }

    @Test
    void minimumLengthIsConfigurable() {
        assertThatThrownBy(() -> policy(15).parse("qzvkwmxjplqwtn"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("must be at least 15 characters");
        assertThat(policy(15).parse("qzvkwmxjplqwtnb").password().lengthInCodePoints())
                .isEqualTo(15);
    }

    /** A5 */
    @Test
    void composedAndDecomposedFormsAreEqual() {
        assertThat(POLICY.parse("cafe\u0301-qzvk").password().text())
                .isEqualTo(POLICY.parse("caf\u00e9-qzvk").password().text());
    }

    /** A2 */
    @Test
    void refusesEveryCommonPasswordThatIsLongEnough() throws IOException {
        List<String> all = StandardDictionaries.loadAllDictionaries().stream()
                .flatMap(dictionary -> dictionary.getFrequencies().stream())
                .toList();
        List<String> longEnough =
                all.stream().filter(entry -> entry.length() >= 8).toList();

        assertThat(all).hasSizeGreaterThan(10_000);
        assertThat(longEnough).hasSizeGreaterThan(3_000).allSatisfy(entry -> {
            assertThat(isRefusedAsCommon(entry)).as(entry).isTrue();
            assertThat(isRefusedAsCommon(entry.toUpperCase(Locale.ROOT)))
                    .as(entry)
                    .isTrue();
        });
    }

    /** A2 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PASSWORD",
                "Password",
                "pa\u017f\u017fword",
                "12345678",
                "iloveyou",
                "princess",
                "football1"
            })
    void refusesCommonPasswords(String text) {
        assertThat(isRefusedAsCommon(text)).isTrue();
    }

    /** A2: a person's own name and address. */
    @ParameterizedTest
    @CsvSource({
        "Juliet Ross, Juliet Ross",
        "Juliet Ross, juliet ross",
        "Juliet Ross, JULIET ROSS",
        "Juliet Ross, juliet.ross@gmail.com",
        "Juliet Ross, Juliet.Ross@Gmail.com",
        "Andr\u00e9 Martin, Andre\u0301 Martin",
        "Hans Straße, HANS STRASSE",
        "HANS STRASSE, Hans Straße",
        "Οδυσσεύς, ΟΔΥΣΣΕΎΣ",
        "ΟΔΥΣΣΕΎΣ, οδυσσεύσ"
    })
    void refusesTheOwnNameAndAddress(String name, String password) {
        assertThat(POLICY.objection(POLICY.parse(password), name, "Juliet.Ross@gmail.com"))
                .isEqualTo(Reason.of(ErrorCode.PERSONAL_PASSWORD, "must not be the name or e-mail address"));
    }

    @Test
    void acceptsTheNameOfAnotherPerson() {
        assertThat(POLICY.objection(POLICY.parse("Somebody Else"), "Juliet Ross", "juliet.ross@gmail.com"))
                .isNull();
    }

    private static boolean isRefusedAsCommon(String text) {
        try {
            POLICY.parse(text);
            return false;
        } catch (InvalidValueException e) {
            return e.reason().code() == ErrorCode.COMMON_PASSWORD;
        }
    }

    private static PasswordPolicy policy(int minimumLength) {
        CommonPasswords commonPasswords = CommonPasswords.load(minimumLength);
        return new PasswordPolicy(minimumLength, () -> commonPasswords);
    }
}
