package dev.roster.command.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import java.text.Normalizer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid and invalid names, at registration and in updates. */
class NameValuesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    static Stream<String> goodNames() {
        return Stream.of(
                "J",
                "ß",
                "李",
                "\uD83E\uDD84",
                "x".repeat(100),
                "é".repeat(100),
                "\uD83E\uDD84".repeat(100),
                " " + "x".repeat(100) + "\u00a0",
                "O'Brien-Smith, Jr.",
                "Ñandú Çelik İpek ılgaz",
                "محمد بن سلمان",
                "שָׁלוֹם",
                "प्रिया शर्मा",
                "김철수",
                "e\u0301",
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67", // joined by U+200D, which is invisible by itself
                "می\u200cخواهم",
                "a\u200e",
                "null",
                "0",
                "\"\\/");
    }

    /** V8 */
    @ParameterizedTest
    @MethodSource("goodNames")
    void validNameIsKeptInNfc(String name) {
        assertKeeps(name, Normalizer.normalize(trimmed(name), Normalizer.Form.NFC));
    }

    /** V13 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "${1+1}",
                "#{7*7}",
                "{{7*7}}",
                "<%= 7*7 %>",
                "${jndi:ldap://127.0.0.1:1/a}",
                "${env:JWT_SECRET_KEY}",
                "' OR '1'='1",
                "'); DROP TABLE users; --",
                "1; SELECT pg_sleep(10)",
                "\\'; COPY users TO '/tmp/x'; --",
                ":name ?1 $1 <name>",
                "%s%n%x {0}",
                "<script>alert(1)</script>",
                "&lt;b&gt; %00 \\u0041",
                "../../etc/passwd"
            })
    void codeInANameIsKeptAsText(String name) {
        assertKeeps(name, name);
    }

    static Stream<String> badNames() {
        return Stream.of(
                "",
                " ",
                "   ",
                "\u00a0",
                "\u3000\u2003",
                "\u2028\u2029",
                "\u200b",
                "\u200b\u200c\u200d\u2060\ufeff",
                "\u00ad",
                "\u200e\u200f\u061c",
                "\u180e",
                "\u115f\u1160\u3164\uffa0",
                "\u2800",
                "\ufe0f",
                "\u034f",
                "\u0301",
                "\uDB40\uDC41",
                "x".repeat(101),
                "\uD83E\uDD84".repeat(101),
                "x".repeat(10_000),
                "x" + " ".repeat(99) + "x");
    }

    /** V8 */
    @ParameterizedTest
    @MethodSource("badNames")
    void invalidNameIsRefused(String name) {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("name", name);

        api.register(body).expectInvalid("name");
        api.put(user.path(), user.token(), Map.of("name", name)).expectInvalid("name");

        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
    }

    private void assertKeeps(String name, String expected) {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("name", name);

        JsonNode registered = api.register(body).expect(201).body();
        JsonNode changed = api.put(user.path(), user.token(), Map.of("name", name))
                .expect(200)
                .body();

        assertThat(registered.path("name").textValue()).isEqualTo(expected);
        assertThat(changed.path("name").textValue()).isEqualTo(expected);
        assertThat(api.get(user.path(), user.token()).body()).isEqualTo(changed);
    }

    private static String trimmed(String name) {
        return name.replace('\u00a0', ' ').trim();
    }
}
