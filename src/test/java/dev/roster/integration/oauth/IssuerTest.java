package dev.roster.integration.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerTest {
    @ParameterizedTest
    @CsvSource({
        "https://a.example, https://a.example, ''",
        "https://a.example/, https://a.example, ''",
        "HTTPS://a.example:8443, HTTPS://a.example:8443, ''",
        "https://a.example/b/c, https://a.example/b/c, /b/c",
        "https://a.example/b/, https://a.example/b, /b",
        "https://a.example/b%2Fc, https://a.example/b%2Fc, /b%2Fc",
        "http://localhost:8000, http://localhost:8000, ''",
        "http://127.0.0.1, http://127.0.0.1, ''",
        "http://[::1]:8000/a, http://[::1]:8000/a, /a"
    })
    void urlIsAnAddress(String name, String base, String path) {
        assertThat(Issuer.of(name)).contains(new Issuer(name, base, path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "roster",
                "urn:roster",
                "//a.example",
                "https:",
                "https:///a",
                "http://a.example",
                "http://127.0.0.1.a.example",
                "http://192.0.2.1",
                "ftp://a.example",
                "https://a.example?b",
                "https://a.example?",
                "https://a.example#b",
                "https://a.example#",
                "https://b@a.example",
                "https://a example",
                "https://a.example/b c"
            })
    void anyOtherNameIsNone(String name) {
        assertThat(Issuer.of(name)).isEmpty();
    }
}
