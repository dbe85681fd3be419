package dev.roster.support.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.OpenApi.Operation;
import dev.roster.support.http.Reply;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Provokes every response that a document names for an operation: each status with each problem type. The client checks
 * the content of all responses, and that no test gets an undocumented one.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class DocumentedAnswers {
    private static final int MOST_TRIES = 50;

    @RegisterExtension
    final RosterExtension roster;

    /** A service with low limits. */
    @RegisterExtension
    final RosterExtension limited;

    /** A service whose tables are missing. */
    @RegisterExtension
    final RosterExtension broken = new RosterExtension();

    private final TestDatabase database = TestDatabase.migrated();
    private final Link link = Link.to(database.url());

    /** A service that cannot reach its database. */
    @RegisterExtension
    final RosterExtension cutOff = new RosterExtension().on(database).with("DATABASE_URL", link.url());

    private final OpenApi document;
    private @Nullable Caller callerOfBroken;
    private @Nullable Caller callerOfCutOff;

    /** @param limited a service that soon refuses what {@link #limited(Call, Operation)} sends */
    protected DocumentedAnswers(OpenApi document, RosterExtension roster, RosterExtension limited) {
        this.document = document;
        this.roster = roster;
        this.limited = limited;
    }

    /**
     * A documented response.
     *
     * @param problem the problem type; null for a success
     */
    protected record Documented(
            Operation operation, int status, @Nullable String problem) {
        @Override
        public String toString() {
            return operation.id() + " " + status + (problem == null ? "" : " " + problem);
        }
    }

    /** Prepares a new caller of this service. */
    protected abstract Caller newCaller(RosterExtension service);

    /** Changes a call of {@link #roster} that succeeds, so that it succeeds with this answer. */
    protected Call succeeding(Documented answer, Call call) {
        return call;
    }

    /** Changes a call of {@link #roster} that succeeds, so that it gets this answer. */
    protected abstract Call provoking(Documented answer, Call call);

    /** Changes a call that succeeds into one that gets 429 once it was sent too often. */
    protected abstract Call limited(Call call, Operation operation);

    /** Changes a call that may be answered from memory into one that asks the database. */
    protected Call failing(Call call, Operation operation) {
        return call;
    }

    @BeforeAll
    void breakServices() {
        callerOfBroken = newCaller(broken);
        broken.jdbi().useHandle(handle -> {
            for (String table : new String[] {"users", "sessions", "audit_events", "api_keys", "signing_keys"}) {
                handle.execute("ALTER TABLE " + table + " RENAME TO " + table + "_away");
            }
        });
        callerOfCutOff = newCaller(cutOff);
        link.cut();
    }

    @AfterAll
    void closeLink() {
        link.close();
    }

    Stream<Documented> answers() {
        return document.operations().stream().flatMap(operation -> operation
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

        if (answer.status() >= 400) {
            assertThat(reply.body().path("type").asText()).isEqualTo(answer.problem());
        }
    }

    Stream<Arguments> headers() {
        return document.operations().stream()
                .flatMap(operation -> Stream.of(
                        arguments(operation, "If-Match", "\"99\"", 412),
                        arguments(
                                operation,
                                "If-None-Match",
                                "*",
                                operation.method().equals("GET") ? 304 : 412),
                        arguments(operation, "Consistency-Token", "garbage", 422),
                        arguments(operation, "Roster-Reason", "UTF-8''%", 422),
                        arguments(operation, "Roster-Actor", "UTF-8''%", 422)));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void operationsEvaluatePreconditionsAndTheHeadersThatTheDocumentNames(
            Operation operation, String header, String value, int status) {
        Reply reply = newCaller(roster).call(operation).with(header, value).send();

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

    private Reply provoke(Documented answer) {
        Operation operation = answer.operation();
        return switch (answer.status()) {
            case 429 -> tooMany(operation);
            case 500 ->
                failing(requireNonNull(callerOfBroken).call(operation), operation)
                        .send();
            case 503 ->
                failing(requireNonNull(callerOfCutOff).call(operation), operation)
                        .send();
            default -> {
                Call call = newCaller(roster).call(operation);
                yield switch (answer.status()) {
                    case 200, 201, 204 -> succeeding(answer, call).send();
                    case 304 -> call.with("If-None-Match", "*").send();
                    case 400 -> call.with("Accept", "/").send();
                    case 406 -> call.with("Accept", "text/html").send();
                    case 412 -> call.with("If-Match", "\"99\"").send();
                    case 413 ->
                        call.withBody(Map.of("name", "A".repeat(17_000))).send();
                    case 415 -> call.with("Content-Type", "text/plain").send();
                    default -> provoking(answer, call).send();
                };
            }
        };
    }

    private Reply tooMany(Operation operation) {
        Caller caller = newCaller(limited);
        return Stream.generate(() -> limited(caller.call(operation), operation))
                .limit(MOST_TRIES)
                .map(Call::send)
                .filter(reply -> reply.status() == 429)
                .findFirst()
                .orElseThrow();
    }

    /** For an answer that this test does not know. */
    protected static AssertionError noWayTo(Documented answer) {
        return new AssertionError("No way to provoke " + answer);
    }
}
