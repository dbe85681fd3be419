package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unknown members and wrong JSON types, on every route with a body. */
class MemberValuesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();
    private final String email = Api.newEmail();

    /** A route with a body. */
    enum Route {
        REGISTER,
        LOGIN,
        UPDATE;

        List<String> members() {
            return switch (this) {
                case REGISTER -> List.of("name", "email", "role", "password");
                case LOGIN -> List.of("email", "password");
                case UPDATE ->
                    List.of(
                            "name",
                            "email",
                            "role",
                            "password",
                            "current_password",
                            "id",
                            "pending_email",
                            "created_at",
                            "updated_at");
            };
        }
    }

    static Stream<Arguments> unknownMembers() {
        return routesWith(
                        "id",
                        "isAdmin",
                        "is_admin",
                        "createdAt",
                        "created_at",
                        "updated_at",
                        "password_hash",
                        "passwordHash",
                        "currentPassword",
                        "version",
                        "email_key",
                        "name_key",
                        "emailVerified",
                        "email_verified_at",
                        "pending_email",
                        "permissions",
                        "sub",
                        "sid",
                        "user_id",
                        "access_token",
                        "refresh_token_hash",
                        "Name",
                        "EMAIL",
                        "name ",
                        "roles",
                        "",
                        "__proto__",
                        "$ref",
                        "${1+1}")
                .filter(arguments -> !((Route) arguments.get()[0]).members().contains((String)
                        arguments.get()[1]));
    }

    /** V1 */
    @ParameterizedTest
    @MethodSource("unknownMembers")
    void unknownMemberIsNamedAndNothingIsStored(Route route, String member) {
        Map<String, Object> body = body(route);
        body.put(member, "true");

        Reply reply = send(route, TestTokens.json(body)).expectInvalid(member);

        assertThat(reply.errors()).containsEntry(member, "is not a known member");
        assertNothingStored();
    }

    static Stream<Arguments> wrongTypes() {
        List<String> values = List.of("0", "1.5", "true", "null", "[]", "{}", "[\"user\"]");
        return Stream.of(Route.values()).flatMap(route -> route.members().stream()
                .flatMap(member -> values.stream().map(value -> Arguments.of(route, member, value))));
    }

    /** V2 */
    @ParameterizedTest
    @MethodSource("wrongTypes")
    void memberThatIsNoStringIsNamed(Route route, String member, String value) {
        Reply reply = send(route, with(route, member, value)).expectInvalid(member);

        assertThat(reply.errors()).containsEntry(member, "must be a string");
        assertNothingStored();
    }

    /** V2 */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "null", "\"true\"", "\"\"", "[]", "{}", "[true]"})
    void memberThatIsNoBooleanIsNamed(String value) {
        Reply reply =
                send(Route.UPDATE, with(Route.UPDATE, "email_verified", value)).expectInvalid("email_verified");

        assertThat(reply.errors()).containsEntry("email_verified", "must be a boolean");
        assertNothingStored();
    }

    /** V2 */
    @ParameterizedTest
    @MethodSource("everyRoute")
    void allMembersOfAWrongTypeAreNamedAtOnce(Route route) {
        Map<String, Object> body = new LinkedHashMap<>();
        route.members().forEach(member -> body.put(member, 1));

        send(route, TestTokens.json(body)).expectInvalid(route.members().toArray(new String[0]));
    }

    /** V2 */
    @ParameterizedTest
    @MethodSource("everyRoute")
    void duplicateMemberIsRefused(Route route) {
        String once = TestTokens.json(body(route));
        String twice = once.substring(0, once.length() - 1) + ",\"email\":\"" + email + "\"}";

        send(route, twice).expectProblem(400, "malformed");

        assertNothingStored();
    }

    /** V2 */
    @ParameterizedTest
    @MethodSource("noObjects")
    void bodyMustBeAnObject(Route route, String body) {
        assertThat(send(route, body).expectInvalid("body").errors()).containsEntry("body", "must be an object");
    }

    /** V13 */
    @ParameterizedTest
    @ValueSource(strings = {"${1+1}", "#{7*7}", "{{7*7}}", "${jndi:ldap://127.0.0.1/a}", "{0}", "%s", "<b>"})
    void textIsReturnedVerbatimAndNotEvaluated(String text) {
        Map<String, Object> body = body(Route.REGISTER);
        body.put("role", text);
        body.put(text, text);

        Reply reply = send(Route.REGISTER, TestTokens.json(body)).expectInvalid("role", text);

        assertThat(reply.errors())
                .isEqualTo(Map.of("role", "must be one of: admin, user", text, "is not a known member"));
    }

    static Stream<Arguments> noObjects() {
        return routesWith("null", "[]", "[{}]", "\"name\"", "1", "true");
    }

    static Stream<Route> everyRoute() {
        return Arrays.stream(Route.values());
    }

    private static Stream<Arguments> routesWith(String... values) {
        return everyRoute().flatMap(route -> Stream.of(values).map(value -> Arguments.of(route, value)));
    }

    private Reply send(Route route, String body) {
        return switch (route) {
            case REGISTER -> api.post("/auth/register", body);
            case LOGIN -> api.post("/auth/login", body);
            case UPDATE -> api.put(user.path(), user.token(), body);
        };
    }

    /** A valid body with every member of the route. */
    private Map<String, Object> body(Route route) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("email", email);
        body.put("password", "Another-Horse-9");
        if (route != Route.LOGIN) {
            body.put("name", "B");
            body.put("role", "admin");
        }
        if (route == Route.UPDATE) {
            body.put("current_password", Api.PASSWORD);
        }
        return body;
    }

    private String with(Route route, String member, String json) {
        Map<String, Object> body = body(route);
        body.put(member, "<value>");
        return TestTokens.json(body).replace("\"<value>\"", json);
    }

    private void assertNothingStored() {
        Reply now = api.get(user.path(), user.token()).expect(200);
        assertThat(now.header("ETag")).isEqualTo("\"1\"");
        JsonNode body = now.body();
        assertThat(body.path("name").textValue()).isEqualTo("A Person");
        api.login(user.email(), Api.PASSWORD).expect(200);
        api.login(email, "Another-Horse-9").expectProblem(401, "invalid-credentials");
    }
}
