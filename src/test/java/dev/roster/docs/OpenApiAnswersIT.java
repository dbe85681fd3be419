package dev.roster.docs;

import dev.roster.apikey.Scope;
import dev.roster.apikey.WrittenKey;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.contract.Call;
import dev.roster.support.contract.Caller;
import dev.roster.support.contract.DocumentedAnswers;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.OpenApi.Operation;
import java.security.SecureRandom;
import java.util.Map;
import java.util.UUID;

/** The service gives every response of the users' document. */
class OpenApiAnswersIT extends DocumentedAnswers {
    private static final RosterExtension ROSTER = new RosterExtension()
            .set("roles.selfAssignable", "user")
            .with("JWT_ISSUER", "https://roster.example.com")
            .with("TOKEN_ALGORITHM", "ES256");

    /** A service with low limits that signs with HS256. */
    private static final RosterExtension LIMITED = new RosterExtension()
            .with("TRUSTED_PROXIES", "127.0.0.1")
            .with("LOGIN_FAILURES", "1")
            .with("ADDRESS_FAILURES", "1")
            .with("REGISTRATIONS", "1")
            .with("REGISTRATIONS_AT_ONCE", "20");

    OpenApiAnswersIT() {
        super(OpenApi.USERS, ROSTER, LIMITED);
    }

    @Override
    protected Caller newCaller(RosterExtension service) {
        return UserCaller.of(service);
    }

    /** No node has an unknown key in memory. */
    @Override
    protected Call failing(Call call, Operation operation) {
        return operation.id().matches("introspect|revoke|streamRevocations")
                ? call.withToken(WrittenKey.random(new SecureRandom()).reveal())
                : call;
    }

    @Override
    protected Call provoking(Documented answer, Call call) {
        return switch (answer.status()) {
            case 401 -> unauthorized(call, answer);
            case 403 -> forbidden(call, answer);
            case 404 ->
                switch (answer.operation().id()) {
                    case "getServerMetadata" -> call.at(call.path() + "/other");
                    case "getKeys" -> new Call(LIMITED.api(), call.method(), call.path(), Map.of(), null);
                    default -> unknown(call);
                };
            case 409 -> taken(call, call.api().newUser().email());
            case 422 -> call.body() == null ? call.with("Consistency-Token", "garbage") : call.withBody(Map.of());
            default -> throw noWayTo(answer);
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
            case "introspect", "revoke", "streamRevocations" ->
                call.withToken(TestKeys.make(ROSTER.jdbi(), Scope.KEYS));
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

    /** Wrong credentials, or a registration, from one address. */
    @Override
    protected Call limited(Call call, Operation operation) {
        Call fromOneAddress = call.with("X-Forwarded-For", "192.0.2.1");
        return switch (operation.id()) {
            case "logIn" -> fromOneAddress.withBody(String.valueOf(call.body()).replace(Api.PASSWORD, "wrong"));
            case "refresh" -> fromOneAddress.withBody(Map.of("refresh_token", "garbage"));
            case "updateUser", "updateMe" ->
                fromOneAddress.withBody(Map.of("password", "Another-Horse-9", "current_password", "wrong"));
            case "introspect", "revoke", "streamRevocations" -> fromOneAddress.withToken("garbage");
            default -> fromOneAddress;
        };
    }
}
