package dev.roster.docs;

import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.contract.Call;
import dev.roster.support.contract.Caller;
import dev.roster.support.contract.DocumentedAnswers;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.OpenApi.Operation;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** The service gives every response of the operators' document. */
class OperatorsOpenApiAnswersIT extends DocumentedAnswers {
    private static final RosterExtension ROSTER = new RosterExtension().with("TOKEN_ALGORITHM", "ES256");

    /** HS256 signs. */
    private static final RosterExtension LIMITED = new RosterExtension().with("API_KEY_REQUESTS", "1");

    OperatorsOpenApiAnswersIT() {
        super(OpenApi.OPERATORS, ROSTER, LIMITED);
    }

    @Override
    protected Caller newCaller(RosterExtension service) {
        return new OperatorCaller(service);
    }

    @Override
    protected Call succeeding(Documented answer, Call call) {
        if (answer.operation().id().equals("rotateSigningKey") && answer.status() == 200) {
            call.withBody(Map.of()).send();
            return call.withBody(Map.of());
        }
        return call;
    }

    @Override
    protected Call provoking(Documented answer, Call call) {
        return switch (answer.status()) {
            case 401 -> call.withToken(null);
            case 403 -> forbidden(answer, call);
            case 404 ->
                call.at(call.path()
                        .replaceFirst(
                                "(?<=/users/|/keys/)[^/]+", UUID.randomUUID().toString()));
            case 409 ->
                answer.operation().id().equals("rotateSigningKey")
                        ? newCaller(LIMITED).call(answer.operation())
                        : call.withBody(Map.of(
                                "name", "A", "email", ROSTER.api().newUser().email()));
            case 422 -> invalid(answer, call);
            case 428 -> call.with("If-Match", null);
            default -> throw noWayTo(answer);
        };
    }

    private static Call forbidden(Documented answer, Call call) {
        if (String.valueOf(answer.problem()).endsWith(":insufficient-scope")) {
            return call.withToken(TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT));
        }
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO api_keys (id, name, secret_hash, scopes)
                SELECT lpad(i::text, 12, '0'), 'too many', sha256(i::text::bytea), '{keys}'
                  FROM generate_series(1, 1000) AS i
                """));
        return call;
    }

    @AfterEach
    void removeTheKeysThatAreTooMany() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM api_keys WHERE name = 'too many'"));
    }

    private static Call invalid(Documented answer, Call call) {
        if (answer.operation().id().equals("exportUser")) {
            return call.forUser(userOfALargeExport());
        }
        return answer.operation().method().equals("GET")
                ? call.with("Consistency-Token", "garbage")
                : call.with("Roster-Reason", null);
    }

    /** Of whom the audit trail has more than 8 MiB. */
    private static UUID userOfALargeExport() {
        UUID id = UUID.randomUUID();
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO audit_events (id, occurred_at, type, target_id, request_id, mac)
                SELECT gen_random_uuid(), now(), 'logged_in', ?, repeat('r', 64), '\\x00'
                  FROM generate_series(1, 25000)
                """, id));
        return id;
    }

    @Override
    protected Call limited(Call call, Operation operation) {
        return call;
    }
}
