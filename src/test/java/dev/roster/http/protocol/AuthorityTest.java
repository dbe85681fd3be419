package dev.roster.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "a, a,",
        "A.Example, a.example,",
        "a:8000, a, 8000",
        "a:, a,",
        "a:00080, a, 80",
        "a:65535, a, 65535",
        "a_b.c-d~e!$&'', a_b.c-d~e!$&'',",
        "a%2eb, a%2eb,",
        "[::1], [::1],",
        "[2001:DB8::7]:443, [2001:db8::7], 443",
        "[::ffff:192.0.2.7], [::ffff:192.0.2.7],"
    })
    void wellFormedAuthorityIsRead(String text, String host, @Nullable Integer port) {
        assertThat(Authority.parse(text)).isEqualTo(new Authority(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                ":80",
                "a b",
                "a/b",
                "a?b",
                "a#b",
                "u@a",
                "a\\b",
                "<a>",
                "\"a\"",
                "a,b",
                "\u00e9",
                "a%4",
                "a%zz",
                "a:0",
                "a:65536",
                "a:9999999999",
                "a:-1",
                "a:+1",
                "a:x",
                "a:\u0661",
                "a:80:80",
                "::1",
                "[::1",
                "::1]",
                "[]",
                "[1:2]",
                "[127.0.0.1]",
                "[::1]a",
                "[fe80::1%25lo]",
                "[v1.a]"
            })
    void malformedAuthorityIsRefused(String text) {
        assertThat(Authority.parse(text)).isNull();
    }

    @Test
    void longAuthorityIsRefused() {
        assertThat(Authority.parse("a".repeat(255))).isNotNull();
        assertThat(Authority.parse("a".repeat(8000))).isNull();
        assertThat(Authority.parse("a:" + "0".repeat(8000))).isNull();
        assertThat(Authority.parse("[" + ":".repeat(8000) + "]")).isNull();
    }
}
