package dev.roster.command.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();

    @Test
    void loginReturnsTheUserAndATokenThatWorksAtOnce() {
        String email = Api.newEmail();
        JsonNode registered = api.register(Api.newBody(email)).expect(201).body();

        Reply reply = api.login(email, Api.PASSWORD).expect(200);

        JsonNode body = reply.body();
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(body.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in", "user");
        assertThat(body.path("token_type").textValue()).isEqualTo("Bearer");
        assertThat(body.path("expires_in").isInt()).isTrue();
        assertThat(body.path("expires_in").intValue()).isEqualTo(900);
        assertThat(body.path("refresh_expires_in").isInt()).isTrue();
        assertThat(body.path("refresh_expires_in").intValue()).isEqualTo(30 * 86_400);
        assertThat(body.path("user")).isEqualTo(registered);
        String token = body.path("access_token").textValue();
        assertThat(api.get("/users/me", token).expect(200).body()).isEqualTo(registered);
    }

    @Test
    void loginIgnoresCaseAndSurroundingBlanksOfTheAddress() {
        String email = api.newUser().email();

        api.login("  " + email.toUpperCase(Locale.ROOT) + " ", Api.PASSWORD).expect(200);
    }

    /** E1 */
    @Test
    void wrongCredentialsAllGetTheSameAnswer() {
        Api.TestUser user = api.newUser();
        Api.TestUser deleted = api.newUser();
        api.delete(deleted.path(), deleted.token()).expect(204);

        List<Reply> replies = Stream.of(
                        api.login(user.email(), "Wrong-Horse-9"),
                        api.login(user.email(), ""),
                        api.login(user.email(), Api.PASSWORD + " "),
                        api.login(user.email(), Api.PASSWORD.toLowerCase(Locale.ROOT)),
                        api.login(user.email(), "x".repeat(73)),
                        api.login(user.email(), "x".repeat(15_000)),
                        api.login(user.email(), Api.PASSWORD + "\0"),
                        api.login(deleted.email(), Api.PASSWORD),
                        api.login("nobody@example.com", Api.PASSWORD),
                        api.login("no address", Api.PASSWORD),
                        api.login("", ""))
                .map(reply -> reply.expectProblem(401, "invalid-credentials"))
                .toList();

        assertThat(replies).map(LoginIT::withoutRequestId).containsOnly(withoutRequestId(replies.get(0)));
        assertThat(replies).map(LoginIT::headerNames).containsOnly(headerNames(replies.get(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"email", "password"})
    void missingMemberIsNamed(String member) {
        Map<String, String> body = new TreeMap<>(Map.of("email", "a@example.com", "password", Api.PASSWORD));
        body.remove(member);

        assertThat(api.post("/auth/login", body).expectInvalid(member).errors()).containsEntry(member, "is required");
    }

    @Test
    void allMissingMembersAreNamedAtOnce() {
        api.post("/auth/login", Map.of()).expectInvalid("email", "password");
    }

    @Test
    void everyLoginReturnsANewToken() {
        Api.TestUser user = api.newUser();

        assertThat(api.newToken(user.email())).isNotEqualTo(user.token());
        api.get("/users/me", user.token()).expect(200);
    }

    private static JsonNode withoutRequestId(Reply reply) {
        ObjectNode body = reply.body().deepCopy();
        body.remove("request_id");
        return body;
    }

    private static Set<String> headerNames(Reply reply) {
        return reply.headers().map().keySet();
    }
}
