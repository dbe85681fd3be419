package dev.roster.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreservedCharactersTest {
    @ParameterizedTest
    @CsvSource({
        "/a, /a",
        "/%61%5A%39%2D%2e%5f%7E, /aZ9-._~",
        "/%2F%3f%23%25%00%7f%C3%A9%40, /%2F%3f%23%25%00%7f%C3%A9%40",
        "/%2561, /%2561",
        "/%6, /%6",
        "/%, /%",
        "/%6z, /%6z",
        "/%z1, /%z1",
        "/%%61, /%a"
    })
    void onlyUnreservedCharactersAreDecoded(String path, String decoded) {
        assertThat(UnreservedCharacters.decode(path)).isEqualTo(decoded);
    }
}
