package dev.roster.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.OpenApi.Operation;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Provokes every response that the document names for an operation: each status with each problem type. {@link Api}
 * checks the content of all responses, and that no test gets an undocumented one.
 */
class OpenApiAnswersIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("roles.selfAssignable", "user");

    @RegisterExtension
    static final RosterExtension LIMITED = new RosterExtension()
            .with("TRUSTED_PROXIES", "127.0.0.1")
            .with("LOGIN_FAILURES", "1")
            .with("ADDRESS_FAILURES", "1")
            .with("REGISTRATIONS", "1")
            .with("REGISTRATIONS_AT_ONCE", "20");

    /** A service whose tables are missing. */
    @RegisterExtension
    static final RosterExtension BROKEN = new RosterExtension();

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link LINK = Link.to(DATABASE.url());

    /** A service that cannot reach its database. */
    @RegisterExtension
    static final RosterExtension CUT_OFF = new RosterExtension().on(DATABASE).with("DATABASE_URL", LINK.url());

    private static @Nullable Person personOfBroken;
    private static @Nullable Person personOfCutOff;

    /** A logged-in user. */
    private record Person(TestUser user, TestSession session) {
        static Person of(Api api) {
            TestUser user = api.newUser();
            return new Person(user, api.newSession(user));
        }
    }

    /**
     * A documented response.
     *
     * @param problem the problem type; null for a success
     */
    record Documented(
            Operation operation, int status, @Nullable String problem) {
        @Override
        public String toString() {
            return operation.id() + " " + status + (problem == null ? "" : " " + problem);
        }
    }

    @BeforeAll
    static void breakServices() {
        personOfBroken = Person.of(BROKEN.api());
        BROKEN.jdbi().useHandle(handle -> {
            handle.execute("ALTER TABLE users RENAME TO users_away");
            handle.execute("ALTER TABLE sessions RENAME TO sessions_away");
        });
        personOfCutOff = Person.of(CUT_OFF.api());
        LINK.cut();
    }

    @AfterAll
    static void closeLink() {
        LINK.close();
    }

    static Stream<Documented> answers() {
        return OpenApi.USERS.operations().stream().flatMap(operation -> operation
                .answers()
                .filter(answer -> !answer.status().equals("default"))
                .flatMap(answer -> {
                    int status = Integer.parseInt(answer.status());
                    return answer.problems().isEmpty()
                            ? Stream.of(new Documented(operation, status, null))
                            : answer.problems().stream().map(problem -> new Documented(operation, status, problem));
                }));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void serviceGivesEachDocumentedResponse(Documented answer) {
        Reply reply = provoke(answer).expect(answer.status());

        if (answer.problem() != null) {
            assertThat(reply.body().path("type").asText()).isEqualTo(answer.problem());
        }
    }

    static Stream<Arguments> headers() {
        return OpenApi.USERS.operations().stream()
                .flatMap(operation -> Stream.of(
                        arguments(operation, "If-Match", "\"99\"", 412),
                        arguments(
                                operation,
                                "If-None-Match",
                                "*",
                                operation.method().equals("GET") ? 304 : 412),
                        arguments(operation, "Consistency-Token", "garbage", 422)));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void operationsEvaluatePreconditionsAndTheHeadersThatTheDocumentNames(
            Operation operation, String header, String value, int status) {
        Api api = ROSTER.api();

        Reply reply = call(operation, api, Person.of(api)).with(header, value).send();

        boolean isNamed = operation
                .parameters()
                .anyMatch(parameter -> parameter.path("name").asText().equals(header));
        boolean isPrecondition = header.startsWith("If-") && !operation.method().equals("POST");
        if (isNamed || isPrecondition) {
            reply.expect(status);
        } else {
            assertThat(reply.status()).as(reply.text()).isBetween(200, 299);
        }
    }

    private static Reply provoke(Documented answer) {
        Operation operation = answer.operation();
        return switch (answer.status()) {
            case 429 -> tooMany(operation);
            case 500 -> call(operation, BROKEN.api(), personOfBroken).send();
            case 503 -> call(operation, CUT_OFF.api(), personOfCutOff).send();
            default -> {
                Api api = ROSTER.api();
                Call call = call(operation, api, Person.of(api));
                yield switch (answer.status()) {
                    case 200, 201, 204 -> call.send();
                    case 304 -> call.with("If-None-Match", "*").send();
                    case 400 -> call.with("Accept", "/").send();
                    case 401 -> unauthorized(call, answer).send();
                    case 403 -> forbidden(call, answer).send();
                    case 404 -> unknown(call).send();
                    case 406 -> call.with("Accept", "text/html").send();
                    case 409 -> taken(call, api.newUser().email()).send();
                    case 412 -> call.with("If-Match", "\"99\"").send();
                    case 413 ->
                        call.withBody(Map.of("name", "A".repeat(17_000))).send();
                    case 415 -> call.with("Content-Type", "text/plain").send();
                    case 422 -> invalid(call).send();
                    default -> throw new AssertionError("No way to provoke " + answer);
                };
            }
        };
    }

    private static Call unauthorized(Call call, Documented answer) {
        return switch (String.valueOf(answer.problem())) {
            case "urn:roster:problem:unauthenticated" -> call.withToken(null);
            case "urn:roster:problem:invalid-credentials" ->
                call.withBody(Map.of("email", Api.newEmail(), "password", "wrong"));
            default ->
                answer.operation().id().equals("refresh")
                        ? call.withBody(Map.of("refresh_token", "garbage"))
                        : call.withToken("garbage");
        };
    }

    private static Call forbidden(Call call, Documented answer) {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("role", "admin");
        return switch (answer.operation().id()) {
            case "logIn" -> {
                TestUser user = call.api().newUser();
                close(user, String.valueOf(answer.problem()));
                yield call.withBody(Map.of("email", user.email(), "password", Api.PASSWORD));
            }
            case "register" -> call.withBody(body);
            case "updateMe" -> call.withBody(Map.of("role", "admin"));
            default -> call.forUser(call.api().newUser().id());
        };
    }

    private static void close(TestUser user, String problem) {
        String column = problem.endsWith("account-disabled") ? "disabled_at" : "password_reset_required_at";
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute("UPDATE users SET " + column + " = now() WHERE id = ?", user.id()));
    }

    /** For a user, or a session of the caller, who does not exist. */
    private static Call unknown(Call call) {
        return call.path().contains("/me/") ? call.forSession(UUID.randomUUID()) : call.forUser(UUID.randomUUID());
    }

    private static Call taken(Call call, String email) {
        return call.withBody(call.method().equals("POST") ? Api.newBody(email) : Map.of("email", email));
    }

    private static Call invalid(Call call) {
        return call.body() == null ? call.with("Consistency-Token", "garbage") : call.withBody(Map.of());
    }

    /** Repeats a request with wrong credentials, or a registration, until it gets 429. */
    private static Reply tooMany(Operation operation) {
        Person person = Person.of(LIMITED.api());
        return Stream.generate(() -> {
                    Call call = call(operation, LIMITED.api(), person).with("X-Forwarded-For", "192.0.2.1");
                    return switch (operation.id()) {
                        case "logIn" ->
                            call.withBody(Map.of("email", person.user().email(), "password", "wrong"));
                        case "refresh" -> call.withBody(Map.of("refresh_token", "garbage"));
                        case "updateUser", "updateMe" ->
                            call.withBody(Map.of("password", "Another-Horse-9", "current_password", "wrong"));
                        default -> call;
                    };
                })
                .limit(50)
                .map(Call::send)
                .filter(reply -> reply.status() == 429)
                .findFirst()
                .orElseThrow();
    }

    /** A call that succeeds. */
    private static Call call(Operation operation, Api api, @Nullable Person person) {
        TestUser user = requireNonNull(person).user();
        String path = operation
                .path()
                .replace("{sid}", TestTokens.read(user.token()).path("sid").asText());
        Call call = new Call(api, operation.method(), path, Map.of(), null)
                .forUser(user.id())
                .withToken(user.token());
        return switch (operation.id()) {
            case "register" -> call.withBody(Api.newBody(Api.newEmail()));
            case "logIn" -> call.withBody(Map.of("email", user.email(), "password", Api.PASSWORD));
            case "refresh" ->
                call.withBody(Map.of("refresh_token", person.session().refreshToken()));
            case "updateUser", "updateMe" -> call.withBody(Map.of("name", "B"));
            default -> call;
        };
    }

    /** A request; the methods return changed copies. */
    private record Call(
            Api api,
            String method,
            String path,
            Map<String, String> headers,
            @Nullable String body) {
        Call with(String header, @Nullable String value) {
            Map<String, String> changed = new TreeMap<>(headers);
            changed.remove(header);
            if (value != null) {
                changed.put(header, value);
            }
            return new Call(api, method, path, changed, body);
        }

        Call withToken(@Nullable String token) {
            return with("Authorization", token == null ? null : "Bearer " + token);
        }

        Call forUser(UUID id) {
            return new Call(
                    api, method, path.replaceFirst("\\{id}|(?<=/users/)[0-9a-f-]{36}", id.toString()), headers, body);
        }

        Call forSession(UUID id) {
            return new Call(api, method, path.replaceFirst("(?<=/sessions/).*", id.toString()), headers, body);
        }

        Call withBody(Map<String, ?> json) {
            return new Call(api, method, path, headers, TestTokens.json(json)).with("Content-Type", "application/json");
        }

        Reply send() {
            BodyPublisher content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
            HttpRequest.Builder request = api.request(path).method(method, content);
            headers.forEach(request::header);
            return api.send(request);
        }
    }
}
