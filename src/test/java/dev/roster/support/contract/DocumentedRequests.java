package dev.roster.support.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.OpenApi.Operation;
import dev.roster.support.http.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the requests that a document describes with those that the service reads: routes, bodies and parameters. */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class DocumentedRequests {
    private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Values of every JSON type, at and beyond common bounds. */
    private static final String VALUES = """
            [null, true, 7, 1.5, "", " ", "x", "A B", "1234567", "%s", "2026-01-02", "2026-01-02T03:04:05", "+1Z",
             [], [null], [1], ["x"], [[]], {}, {"a": null}]
            """.formatted("Kx9-".repeat(19));

    private static final List<String> PARAMETER_VALUES =
            List.of("0", "201", "-1", "1.5", "x", "A", "ADMIN", "2026-01-02", "2026-01-02T03:04:05", "019ab6f0");

    private final OpenApi document;

    protected DocumentedRequests(OpenApi document) {
        this.document = document;
    }

    /** A new caller of the service. */
    protected abstract Caller newCaller();

    /** The routes of the service. */
    protected abstract Collection<String> routes();

    /** The record into which the service reads the body of each route that has one. */
    protected abstract Map<String, Class<?>> bodies();

    @Test
    void documentNamesExactlyTheRoutesOfTheService() {
        assertThat(document.operations().stream().map(Operation::route)).containsExactlyInAnyOrderElementsOf(routes());
    }

    @Test
    void documentNamesExactlyTheOperationsThatReadABody() {
        assertThat(operationsWithABody().map(Operation::route)).containsExactlyInAnyOrderElementsOf(bodies().keySet());
    }

    Stream<Operation> operationsWithABody() {
        return document.operations().stream().filter(Operation::readsJson);
    }

    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void documentNamesExactlyTheMembersOfEachBody(Operation operation) {
        RecordComponent[] members =
                requireNonNull(bodies().get(operation.route())).getRecordComponents();
        JsonNode schema = operation.body();

        assertThat(names(schema.path("properties")))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(members).map(DocumentedRequests::name).toList());
        assertThat(required(operation))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(members)
                        .filter(member -> !member.getAnnotatedType().isAnnotationPresent(Nullable.class))
                        .map(DocumentedRequests::name)
                        .toList());
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
    }

    private static String name(RecordComponent member) {
        return SNAKE_CASE.translate(member.getName());
    }

    /** The empty object is the empty body. */
    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void serviceRequiresTheMembersThatTheDocumentRequires(Operation operation) {
        List<String> required = required(operation);

        Reply reply = newCaller().call(operation).withBody(Map.of()).send();

        if (operation.allows(JSON.createObjectNode())) {
            assertThat(reply.status()).isBetween(200, 299);
        } else {
            reply.expectInvalid(required.isEmpty() ? new String[] {"body"} : required.toArray(String[]::new));
        }
    }

    Stream<Arguments> members() {
        return operationsWithABody().flatMap(operation -> names(operation.body().path("properties")).stream()
                .map(member -> arguments(operation, member)));
    }

    @ParameterizedTest
    @MethodSource("members")
    void serviceRefusesTheValuesThatTheDocumentRefuses(Operation operation, String member) {
        Caller caller = newCaller();
        for (JsonNode value : json(VALUES)) {
            ObjectNode body = JSON.createObjectNode();
            operation.bodyExamples().forEach(example -> body.setAll((ObjectNode) example));
            body.set(member, value);
            if (!operation.allows(body)) {
                Reply reply = caller.call(operation).withBody(body.toString()).send();
                assertThat(reply.status()).as("%s: %s", value, reply.text()).isEqualTo(422);
                assertThat(reply.errors().keySet())
                        .as("%s", value)
                        .isNotEmpty()
                        .allMatch(field -> field.equals(member) || field.startsWith(member + "/"));
            }
        }
    }

    Stream<Operation> operationsWithParameters() {
        return document.operations().stream()
                .filter(operation -> !operation.queryParameters().isEmpty());
    }

    /** An unknown parameter gets another message. */
    @ParameterizedTest
    @MethodSource("operationsWithParameters")
    void serviceKnowsTheParametersThatTheDocumentNames(Operation operation) {
        List<String> names = operation.queryParameters();
        Call call = newCaller().call(operation);

        Reply reply = call.at(call.path() + "?" + String.join("=&", names) + "=&unknown=x")
                .send();

        Map<String, String> expected =
                names.stream().collect(Collectors.toMap(name -> name, name -> "must not be empty"));
        expected.put("unknown", "is not a known parameter");
        reply.expect(422);
        assertThat(reply.errors()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("operationsWithParameters")
    void serviceRefusesTheParametersThatTheDocumentRefuses(Operation operation) {
        Call call = newCaller().call(operation);
        for (String name : operation.queryParameters()) {
            for (String value : PARAMETER_VALUES) {
                if (!operation.allowsParameter(name, value)) {
                    call.at(call.path() + "?" + name + "=" + value).send().expectInvalid(name);
                }
            }
        }
    }

    private static List<String> required(Operation operation) {
        return OpenApi.stream(operation.body().path("required"))
                .map(JsonNode::asText)
                .toList();
    }

    private static List<String> names(JsonNode members) {
        return members.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
