package dev.roster.support.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import dev.roster.support.http.OpenApi.Answer;
import dev.roster.support.http.OpenApi.Operation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Checks answers of the service against its OpenAPI documents. {@link Api} checks every answer. Thread-safe. */
final class Contract {
    /** The statuses of {@code default}: answers that the service gives before it knows the operation. */
    private static final Set<Integer> OTHER_STATUSES = Set.of(408, 413, 414, 415, 421, 431, 501, 505);

    /** The headers that every answer may have. */
    private static final Set<String> COMMON_HEADERS = Set.of(
            "access-control-allow-origin",
            "access-control-expose-headers",
            "cache-control",
            "connection",
            "content-length",
            "content-type",
            "date",
            "traceresponse",
            "transfer-encoding",
            "vary",
            "x-content-type-options");

    /** Knows the members of a document, too. The library reads it like a schema, and warns of unknown keywords. */
    private static final Dialect DIALECT = Dialect.builder(Dialects.getOpenApi31())
            .keywords(OpenApi.USERS.document().properties().stream()
                    .map(member -> new NonValidationKeyword(member.getKey()))
                    .toList())
            .build();

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDialect(DIALECT, registry -> registry.schemas(
                    Map.of(
                            OpenApi.USERS.urn(), OpenApi.USERS.document().toString(),
                            OpenApi.USERS_WITH_MAIL.urn(),
                                    OpenApi.USERS_WITH_MAIL.document().toString(),
                            OpenApi.USERS_WITH_PROOF.urn(),
                                    OpenApi.USERS_WITH_PROOF.document().toString(),
                            OpenApi.OPERATORS.urn(),
                                    OpenApi.OPERATORS.document().toString()))
            .schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private static final Map<String, Schema> SCHEMA_BY_LOCATION = new ConcurrentHashMap<>();

    private final OpenApi api;
    private final String request;
    private final String method;
    private final Reply reply;

    private Contract(OpenApi api, String method, String path, Reply reply) {
        this.api = api;
        this.request = method + " " + path;
        this.method = method;
        this.reply = reply;
    }

    /**
     * Asserts that a document describes this answer to this request.
     *
     * @param path as it was sent, without its query; ignored unless it is a path of an API
     */
    static void check(String method, String path, Reply reply) {
        boolean isPreflight = method.equals("OPTIONS") && reply.status() == 204;
        for (OpenApi api : List.of(OpenApi.USERS, OpenApi.OPERATORS)) {
            if (api.hasPath(path) && !isPreflight) {
                OpenApi described = api == OpenApi.USERS ? describing(method, path, reply) : api;
                new Contract(described, method, path, reply).check(described.operation(method, path));
            }
        }
    }

    /** The first document that describes this answer; if none does, the first one with the route, or the last one. */
    private static OpenApi describing(String method, String path, Reply reply) {
        List<OpenApi> all = List.of(OpenApi.USERS, OpenApi.USERS_WITH_MAIL, OpenApi.USERS_WITH_PROOF);
        return all.stream()
                .filter(api -> api.describes(method, path, reply))
                .findFirst()
                .orElseGet(() -> all.stream()
                        .filter(api -> api.operation(method, path) != null)
                        .findFirst()
                        .orElse(OpenApi.USERS_WITH_PROOF));
    }

    private void check(@Nullable Operation operation) {
        if (operation == null || isOtherPort()) {
            assertThat(reply.status()).as(request).isGreaterThanOrEqualTo(400);
            checkBody(new Answer(api, "default", "/components/responses/Other"));
            return;
        }
        Answer answer = operation.answer(reply.status());
        if (answer.status().equals("default")) {
            assertThat(OTHER_STATUSES).as(request).contains(reply.status());
        } else {
            checkProblem(answer);
        }
        checkHeaders(answer);
        checkBody(answer);
    }

    /** Whether a port answers that does not have this API, or a service without mail. */
    private boolean isOtherPort() {
        return api != OpenApi.USERS && reply.status() == 404 && reply.text().contains("\"This path does not exist.\"");
    }

    private void checkHeaders(Answer answer) {
        Set<String> documented = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        documented.addAll(COMMON_HEADERS);
        for (Map.Entry<String, JsonNode> header : answer.node().path("headers").properties()) {
            documented.add(header.getKey());
            checkHeader(header.getKey(), api.resolve(answer.pointer() + "/headers" + OpenApi.escape(header.getKey())));
        }
        assertThat(documented).as(request).containsAll(reply.headers().map().keySet());
    }

    private void checkHeader(String name, String pointer) {
        JsonNode header = api.document().at(pointer);
        String value = reply.header(name);
        if (value != null) {
            boolean isNumber = header.at("/schema/type").asText().equals("integer");
            validate(pointer + "/schema", isNumber ? LongNode.valueOf(Long.parseLong(value)) : TextNode.valueOf(value));
        } else {
            assertThat(header.path("required").asBoolean())
                    .as("%s lacks %s", request, name)
                    .isFalse();
        }
    }

    private void checkBody(Answer answer) {
        JsonNode content = answer.node().path("content");
        if (content.isMissingNode() || method.equals("HEAD")) {
            assertThat(reply.text()).as(request).isEmpty();
            return;
        }
        String type = reply.header("Content-Type");
        assertThat(content.has(String.valueOf(type)))
                .as("%s: %s", request, type)
                .isTrue();
        JsonNode body = "text/event-stream".equals(type) ? TextNode.valueOf(reply.text()) : reply.body();
        validate(answer.pointer() + "/content" + OpenApi.escape(String.valueOf(type)) + "/schema", body);
    }

    private void checkProblem(Answer answer) {
        if (!answer.problems().isEmpty() && !method.equals("HEAD")) {
            assertThat(answer.problems())
                    .as(request)
                    .contains(reply.body().path("type").asText());
            assertThat(reply.body().path("status").asInt()).as(request).isEqualTo(reply.status());
        }
    }

    private void validate(String schema, JsonNode value) {
        assertThat(schema(api, schema).validate(value))
                .as("%s: %s", request, value)
                .isEmpty();
    }

    /** Whether the schema at this JSON pointer allows this value. */
    static boolean isValid(OpenApi api, String schema, JsonNode value) {
        return schema(api, schema).validate(value).isEmpty();
    }

    private static Schema schema(OpenApi api, String pointer) {
        return SCHEMA_BY_LOCATION.computeIfAbsent(
                api.urn() + "#" + pointer, location -> SCHEMAS.getSchema(SchemaLocation.of(location)));
    }
}
