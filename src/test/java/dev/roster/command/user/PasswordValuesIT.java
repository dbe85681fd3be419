package dev.roster.command.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid and invalid passwords, at registration and in updates. */
class PasswordValuesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    static Stream<String> goodPasswords() {
        return Stream.of(
                "xk7qvw2z", // 8
                "ж7щ2фыэю", // 8 code points of two bytes
                "\uD83E\uDD84\uD83D\uDC33\uD83E\uDD9C\uD83D\uDC0C\uD83E\uDDA9\uD83D\uDC19\uD83E\uDDA6\uD83E\uDD94", // 8
                "\uD83E\uDD84".repeat(18), // 72 bytes
                "q9".repeat(36), // 72 bytes
                " leading and trailing ",
                "         ",
                "${1+1}#{7*7}",
                "' OR '1'='1' --");
    }

    /** A1 */
    @ParameterizedTest
    @MethodSource("goodPasswords")
    void onlyTheExactPasswordLogsIn(String password) {
        String email = Api.newEmail();
        Map<String, Object> body = Api.newBody(email);
        body.put("password", password);

        api.register(body).expect(201);
        changePassword(password).expect(200);

        for (String owner : new String[] {email, user.email()}) {
            api.login(owner, password).expect(200);
            api.login(owner, password + " ").expectProblem(401, "invalid-credentials");
            api.login(owner, password.substring(1)).expectProblem(401, "invalid-credentials");
        }
    }

    static Stream<String> badPasswords() {
        return Stream.of(
                "",
                "xk7qvw2", // 7
                "\uD83E\uDD84\uD83D\uDC33\uD83E\uDD9C\uD83D\uDC0C\uD83E\uDDA9\uD83D\uDC19\uD83E\uDDA6", // 7
                "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", // 7 in NFC
                "q9".repeat(36) + "q", // 73 bytes
                "\uD83E\uDD84".repeat(18) + "q",
                "é".repeat(37),
                "xk7qvw2z\0",
                "\0xk7qvw2z",
                "password",
                "PASSWORD",
                "password1",
                "12345678",
                "qwertyuiop",
                "A Person",
                "a person",
                "ME@EXAMPLE.ORG");
    }

    /** A1, A2, A3, A4 */
    @ParameterizedTest
    @MethodSource("badPasswords")
    void invalidPasswordIsRefused(String password) {
        Map<String, Object> body = Api.newBody("me@example.org");
        body.put("password", password);

        api.register(body).expectInvalid("password");
        api.put(
                        user.path(),
                        user.token(),
                        Map.of("email", "me@example.org", "password", password, "current_password", Api.PASSWORD))
                .expectInvalid("password");

        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** A4 */
    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udfff"})
    void loneSurrogateIsRefused(String escaped) {
        String password = "\"password\":\"xk7qvw2z" + escaped + "\"";

        api.post("/auth/register", "{\"name\":\"B\",\"email\":\"me@example.org\"," + password + "}")
                .expectInvalid("password");
        api.put(user.path(), user.token(), "{" + password + ",\"current_password\":\"" + Api.PASSWORD + "\"}")
                .expectInvalid("password");
    }

    /** A2: includes the stored name and address if the request has none. */
    @ParameterizedTest
    @ValueSource(strings = {"a person", "A PERSON"})
    void nameAndAddressOfTheAccountAreRefused(String password) {
        changePassword(password).expectInvalid("password");
        changePassword(user.email()).expectInvalid("password");
    }

    private Reply changePassword(String password) {
        return api.put(user.path(), user.token(), Map.of("password", password, "current_password", Api.PASSWORD));
    }
}
