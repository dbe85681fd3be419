package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names and addresses must not contain control characters, bidirectional controls or lone surrogates. */
class UnsafeCharactersIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();

    static Stream<String> unsafe() {
        return Stream.of(
                        IntStream.rangeClosed(0x0000, 0x001F),
                        IntStream.rangeClosed(0x007F, 0x009F),
                        IntStream.rangeClosed(0x202A, 0x202E),
                        IntStream.rangeClosed(0x2066, 0x2069),
                        IntStream.of(0xD800, 0xDBFF, 0xDC00, 0xDFFF)) // lone surrogates
                .flatMap(IntStream::boxed)
                .map(character -> String.format(Locale.ROOT, "\\u%04x", character));
    }

    /** V6 */
    @ParameterizedTest
    @MethodSource("unsafe")
    void unsafeCharacterIsRefusedAtAnyPosition(String escaped) {
        Api.TestUser user = api.newUser();
        for (String pattern : new String[] {"%sab", "a%sb", "ab%s"}) {
            String text = pattern.replace("%s", escaped);
            String members = "\"name\":\"" + text + "\",\"email\":\"" + text + "@example.com\"";

            api.post("/auth/register", "{" + members + ",\"password\":\"" + Api.PASSWORD + "\"}")
                    .expectInvalid("name", "email");
            api.put(user.path(), user.token(), "{" + members + "}").expectInvalid("name", "email");
            api.put(user.path(), user.token(), "{\"email\":\"a@example.com" + escaped + "\"}")
                    .expectInvalid("email");
            api.post("/auth/login", "{\"email\":\"" + text + "\",\"password\":\"" + text + "\"}")
                    .expectProblem(401, "invalid-credentials");
        }
        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
    }
}
