package dev.roster.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.refusal.ErrorCode;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole entry in {@code errors} for each reason: name, message, code and parameters. */
class ErrorCodesIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("PROFILE_SCHEMA", "src/test/resources/profiles/any-but-theme.json");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Api api = ROSTER.api();

    /**
     * An invalid request.
     *
     * @param route {@code register}, {@code login}, {@code update}, {@code list} or {@code read}
     * @param value the invalid members, the query, or the header
     * @param error the expected entry, as JSON
     */
    record Case(String route, String value, String error) {
        static Case of(String route, String value, String error) {
            return new Case(route, value, error.replace('\'', '"'));
        }
    }

    static Stream<Case> names() {
        return Stream.of(
                Case.of("register", "\"name\": 1", """
                        {'field': 'name', 'message': 'must be a string', 'code': 'wrong_type',
                         'expected': 'string'}"""),
                Case.of("register", "\"name\": \" \"", """
                        {'field': 'name', 'message': 'must not be blank', 'code': 'blank'}"""),
                Case.of("register", "\"name\": \"" + "x".repeat(101) + "\"", """
                        {'field': 'name', 'message': 'must be at most 100 characters', 'code': 'too_long',
                         'max': 100}"""),
                Case.of("register", "\"name\": \"a\\u0000\"", """
                        {'field': 'name', 'message': 'must not contain control characters',
                         'code': 'control_character'}"""),
                Case.of("register", "\"name\": \"a\\u202e\"", """
                        {'field': 'name', 'message': 'must not contain bidirectional overrides',
                         'code': 'bidirectional_override'}"""),
                Case.of("register", "\"name\": \"a\\ud800\"", """
                        {'field': 'name', 'message': 'must be well-formed Unicode', 'code': 'malformed_unicode'}"""));
    }

    static Stream<Case> addresses() {
        return Stream.of(
                Case.of("register", "\"email\": \"juliet\"", """
                        {'field': 'email', 'message': 'must be a well-formed e-mail address', 'code': 'malformed'}"""),
                Case.of("register", "\"email\": \"" + "x".repeat(255) + "\"", """
                        {'field': 'email', 'message': 'must be at most 254 characters', 'code': 'too_long',
                         'max': 254}"""),
                Case.of("register", "\"email\": \"jürgen@example.com\"", """
                        {'field': 'email', 'message': 'must have only ASCII characters, not ü (U+00FC)',
                         'code': 'not_ascii', 'character': 'U+00FC'}"""),
                Case.of("update", "\"email\": \"user@exämple.de\"", """
                        {'field': 'email', 'message': 'must have its domain in ASCII: xn--exmple-cua.de',
                         'code': 'international_domain', 'ascii': 'xn--exmple-cua.de'}"""));
    }

    static Stream<Case> passwords() {
        return Stream.of(
                Case.of("register", "\"password\": \"short\"", """
                        {'field': 'password', 'message': 'must be at least 8 characters', 'code': 'too_short',
                         'min': 8}"""),
                Case.of("register", "\"password\": \"" + "é".repeat(37) + "\"", """
                        {'field': 'password', 'message': 'must be at most 72 bytes in UTF-8',
                         'code': 'too_many_bytes', 'max': 72}"""),
                Case.of("register", "\"password\": \"xk7qvw2z\\u0000\"", """
                        {'field': 'password', 'message': 'must not contain U+0000', 'code': 'null_character'}"""),
                Case.of("register", "\"password\": \"xk7qvw2z\\udfff\"", """
                        {'field': 'password', 'message': 'must be well-formed Unicode',
                         'code': 'malformed_unicode'}"""),
                Case.of("register", "\"password\": \"iloveyou\"", """
                        {'field': 'password', 'message': 'must not be a common password, word or name',
                         'code': 'common_password'}"""),
                Case.of("register", "\"password\": \"a person\"", """
                        {'field': 'password', 'message': 'must not be the name or e-mail address',
                         'code': 'personal_password'}"""),
                Case.of("update", "\"password\": \"A PERSON\", \"current_password\": \"x\"", """
                        {'field': 'password', 'message': 'must not be the name or e-mail address',
                         'code': 'personal_password'}"""),
                Case.of("update", "\"password\": \"Another-Horse-9\"", """
                        {'field': 'current_password', 'message': 'is required with password',
                         'code': 'missing_with', 'members': ['password']}"""));
    }

    static Stream<Case> profiles() {
        return Stream.of(
                Case.of("register", "\"profile\": {\"a/b\": [0, 9007199254740992]}", """
                        {'field': 'profile/a~1b/1', 'code': 'out_of_range',
                         'message': 'must be a number from -9007199254740991 to 9007199254740991',
                         'min': -9007199254740991, 'max': 9007199254740991}"""),
                Case.of("update", "\"profile\": {\"a\": 0.123456789012345678}", """
                        {'field': 'profile/a', 'code': 'inexact_number',
                         'message': 'must have at most 17 significant digits and 30 decimals',
                         'digits': 17, 'decimals': 30}"""),
                Case.of("update", "\"profile\": {\"a\": {\"b\": [{\"c\": [{}]}]}}", """
                        {'field': 'profile/a/b/0/c/0', 'code': 'too_deep',
                         'message': 'must not be an object or array deeper than level 5', 'max': 5}"""),
                Case.of("update", "\"profile\": {" + members(65) + "}", """
                        {'field': 'profile', 'code': 'too_many_members',
                         'message': 'must have at most 64 members in all its objects', 'max': 64}"""));
    }

    static Stream<Case> schemas() {
        return Stream.of(Case.of("update", "\"profile\": {\"theme\": \"red\"}", """
                        {'field': 'profile/theme', 'code': 'against_schema', 'keyword': 'maxLength',
                         'message': 'must be at most 2 characters long'}"""));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"" + i + "\": 1").collect(Collectors.joining(", "));
    }

    static Stream<Case> members() {
        return Stream.of(
                Case.of("login", "\"email\": \"a@example.com\"", """
                        {'field': 'password', 'message': 'is required', 'code': 'missing'}"""),
                Case.of("register", "\"nmae\": \"A\"", """
                        {'field': 'nmae', 'message': 'is not a known member', 'code': 'unknown_member'}"""),
                Case.of("update", "\"name\": \"A\", \"created_at\": \"2026-11-22T07:04:31Z\"", """
                        {'field': 'created_at', 'message': 'is read-only, and the user has another value',
                         'code': 'read_only'}"""),
                Case.of("update", "\"name\": \"A\", \"updated_at\": \"now\"", """
                        {'field': 'updated_at', 'message': 'must be a time as in RFC 3339', 'code': 'malformed'}"""),
                Case.of("update", "\"name\": \"A\", \"id\": \"me\"", """
                        {'field': 'id', 'message': 'must be a UUID', 'code': 'malformed'}"""),
                Case.of("register", "\"role\": \"king\"", """
                        {'field': 'role', 'message': 'must be one of: admin, user', 'code': 'not_allowed',
                         'allowed': ['admin', 'user']}"""),
                Case.of("update", "", """
                        {'field': 'body', 'message': 'must have one of: name, email, role, profile, password',
                         'code': 'missing_any', 'members': ['name', 'email', 'role', 'profile', 'password']}"""));
    }

    static Stream<Case> parameters() {
        return Stream.of(
                Case.of("list", "page=2", """
                        {'field': 'page', 'message': 'is not a known parameter', 'code': 'unknown_parameter'}"""),
                Case.of("list", "limit=1&limit=2", """
                        {'field': 'limit', 'message': 'must be given once', 'code': 'repeated'}"""),
                Case.of("list", "role=", """
                        {'field': 'role', 'message': 'must not be empty', 'code': 'empty'}"""),
                Case.of("list", "limit=0", """
                        {'field': 'limit', 'message': 'must be a whole number from 1 to 200',
                         'code': 'out_of_range', 'min': 1, 'max': 200}"""),
                Case.of("list", "sort=age", """
                        {'field': 'sort', 'code': 'not_allowed',
                         'message': 'must be one of: created_at, -created_at, name, -name, email, -email',
                         'allowed': ['created_at', '-created_at', 'name', '-name', 'email', '-email']}"""),
                Case.of("list", "role=king", """
                        {'field': 'role', 'message': 'must be one of: admin, user', 'code': 'not_allowed',
                         'allowed': ['admin', 'user']}"""),
                Case.of("list", "q=%20", """
                        {'field': 'q', 'message': 'must be 1 to 100 characters', 'code': 'blank'}"""),
                Case.of("list", "q=" + "x".repeat(101), """
                        {'field': 'q', 'message': 'must be 1 to 100 characters', 'code': 'too_long', 'max': 100}"""),
                Case.of("list", "q=%00", """
                        {'field': 'q', 'message': 'must not contain control characters',
                         'code': 'control_character'}"""),
                Case.of("list", "cursor=x", """
                        {'field': 'cursor', 'message': 'must be the next_cursor of a page of this list',
                         'code': 'not_issued'}"""));
    }

    static Stream<Case> headers() {
        return Stream.of(Case.of("read", "x", """
                {'field': 'Consistency-Token', 'message': 'must be the token of an earlier answer',
                 'code': 'not_issued'}"""));
    }

    static Stream<Case> ofBodies() {
        return Stream.of(members(), names(), addresses(), passwords(), profiles(), schemas())
                .flatMap(cases -> cases);
    }

    @ParameterizedTest
    @MethodSource("ofBodies")
    void invalidMemberIsToldWithItsCode(Case invalid) throws JsonProcessingException {
        expect(invalid, "1 member is not valid");
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void invalidParameterIsToldWithItsCode(Case invalid) throws JsonProcessingException {
        expect(invalid, "1 parameter is not valid");
    }

    @ParameterizedTest
    @MethodSource("headers")
    void invalidHeaderIsToldWithItsCode(Case invalid) throws JsonProcessingException {
        expect(invalid, "1 header is not valid");
    }

    @Test
    void everyCodeIsAmongTheCases() {
        String errors = Stream.of(ofBodies(), parameters(), headers())
                .flatMap(cases -> cases)
                .map(Case::error)
                .collect(Collectors.joining());

        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::id))
                .allMatch(code -> errors.contains("\"code\": \"" + code + "\""));
    }

    private void expect(Case invalid, String detail) throws JsonProcessingException {
        JsonNode problem = send(invalid).expectProblem(422, "validation").body();

        assertThat(problem.path("detail").textValue()).isEqualTo(detail);
        assertThat(problem.path("errors")).isEqualTo(JSON.readTree("[" + invalid.error() + "]"));
    }

    private Reply send(Case invalid) {
        Api.TestUser user = api.newUser();
        return switch (invalid.route()) {
            case "register" -> api.post("/auth/register", registration(invalid.value()));
            case "login" -> api.post("/auth/login", "{" + invalid.value() + "}");
            case "update" -> api.put(user.path(), user.token(), "{" + invalid.value() + "}");
            case "list" -> api.get("/users?" + invalid.value(), user.token());
            case "read" ->
                api.send(api.request("/users/me", user.token())
                        .header("Consistency-Token", invalid.value())
                        .GET());
            default -> throw new IllegalArgumentException(invalid.route());
        };
    }

    /** The body of a registration with these members, as they are, and valid ones. */
    private static String registration(String members) {
        Map<String, Object> others = new LinkedHashMap<>(Api.newBody(Api.newEmail()));
        others.keySet().removeIf(name -> members.startsWith("\"" + name + "\""));
        String rest = TestTokens.json(others);
        return "{" + members + ", " + rest.substring(1);
    }
}
