package dev.roster.support.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAPI document, for tests that check the service against it. All objects are closed here: tests reject members
 * that the document does not name, while it tells clients to ignore them. Thread-safe.
 */
public final class OpenApi {
    /** The API of the users, on the API port. */
    public static final OpenApi USERS = new OpenApi("/openapi.yaml", "/api/v1");

    /** The same with the routes of {@code MAIL}. */
    public static final OpenApi USERS_WITH_MAIL = new OpenApi("/openapi.yaml", "/api/v1", "/openapi/mail.yaml");

    /** The same with {@code EMAIL_VERIFICATION=required}. */
    public static final OpenApi USERS_WITH_PROOF =
            new OpenApi("/openapi.yaml", "/api/v1", "/openapi/mail.yaml", "/openapi/registration-pending.yaml");

    /** The API of the operators, on the admin port. */
    public static final OpenApi OPERATORS = new OpenApi("/admin/openapi.yaml", "/admin/v1");

    private final String base;
    private final String urn;
    private final JsonNode document;
    private final List<Operation> operations;

    /** @param additions files with members to add */
    private OpenApi(String file, String base, String... additions) {
        this.base = base;
        this.urn = "urn:openapi" + base.replace('/', ':')
                + String.join("", additions).replace('/', ':');
        this.document = read(file, additions);
        this.operations = document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(member -> member.getValue().has("operationId"))
                        .map(member -> new Operation(this, member.getKey().toUpperCase(Locale.ROOT), path.getKey())))
                .toList();
    }

    /** The prefix of all paths in the document. */
    public String base() {
        return base;
    }

    public JsonNode document() {
        return document;
    }

    /** The name of the document, which differs from those of the others. */
    String urn() {
        return urn;
    }

    private static JsonNode read(String file, String... additions) {
        try {
            JsonNode document = new YAMLMapper().readTree(bytes(file));
            for (String addition : additions) {
                JsonNode unused = new YAMLMapper().readerForUpdating(document).readValue(bytes(addition));
            }
            close(document);
            // The validator accepts only addresses in known top-level domains.
            ((ObjectNode) document.at("/components/schemas/EmailAddress")).remove("format");
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = OpenApi.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        }
    }

    /** Closes every object schema. A schema that is part of another is closed where an answer uses it. */
    private static void close(JsonNode document) {
        Set<String> parts = document.findValues("allOf").stream()
                .flatMap(OpenApi::stream)
                .map(part -> part.path("$ref").asText())
                .collect(Collectors.toSet());
        Stream<JsonNode> schemas = document.at("/components/schemas").properties().stream()
                .filter(schema -> !parts.contains("#/components/schemas/" + schema.getKey()))
                .map(Map.Entry::getValue);
        Stream<JsonNode> answers =
                document.findValues("content").stream().flatMap(OpenApi::stream).map(media -> media.path("schema"));
        Stream.concat(schemas, answers).toList().forEach(schema -> ((ObjectNode) schema)
                .put("unevaluatedProperties", false));
    }

    public static Stream<JsonNode> stream(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false);
    }

    @Override
    public String toString() {
        return base;
    }

    /** All operations. */
    public List<Operation> operations() {
        return operations;
    }

    /** The operation with this {@code operationId}. */
    public Operation operation(String id) {
        return operations.stream()
                .filter(operation -> operation.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** The operation that answers this request, or null if there is none. */
    @Nullable
    Operation operation(String method, String path) {
        List<Operation> ofMethod = operations.stream()
                .filter(operation -> operation.method().equals(method.equals("HEAD") ? "GET" : method))
                .toList();
        return ofMethod.stream()
                .filter(operation -> operation.fullPath().equals(path))
                .findFirst()
                .or(() -> ofMethod.stream()
                        .filter(operation -> path.matches(
                                operation.fullPath().replace(".", "\\.").replaceAll("\\{\\w+}", "[^/]+")))
                        .findFirst())
                .orElse(null);
    }

    /** Whether this path is one of the API, or looks like one. */
    boolean hasPath(String path) {
        return path.startsWith(base + "/")
                || operations.stream()
                        .anyMatch(operation -> operation.fullPath().equals(path));
    }

    /** Whether the document names the status of this answer and, if it is a problem with examples, its type. */
    boolean describes(String method, String path, Reply reply) {
        Operation operation = operation(method, path);
        if (operation == null) {
            return false;
        }
        Answer answer = operation.answer(reply.status());
        return !answer.status().equals("default")
                && (answer.problems().isEmpty()
                        || answer.problems().contains(reply.body().path("type").asText()));
    }

    /** This JSON pointer (RFC 6901), or the one that its {@code $ref} names. */
    String resolve(String pointer) {
        JsonNode reference = document.at(pointer).path("$ref");
        return reference.isMissingNode() ? pointer : reference.asText().substring(1);
    }

    /** Escapes a name for use in a JSON pointer. */
    static String escape(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** A method of a path such as {@code /users/{id}}. */
    public record Operation(OpenApi api, String method, String path) {
        /** The {@code operationId}. */
        public String id() {
            return node().path("operationId").asText();
        }

        public JsonNode node() {
            return api.document.at(pointer());
        }

        /** The names of its query parameters. */
        public List<String> queryParameters() {
            return parameters()
                    .filter(parameter -> parameter.path("in").asText().equals("query"))
                    .map(parameter -> parameter.path("name").asText())
                    .toList();
        }

        /** Whether the schema of a query parameter allows this value. */
        public boolean allowsParameter(String name, String value) {
            String schema = parameterPointers()
                            .filter(pointer -> api.document
                                    .at(pointer)
                                    .path("name")
                                    .asText()
                                    .equals(name))
                            .findFirst()
                            .orElseThrow()
                    + "/schema";
            boolean isNumber =
                    api.document.at(schema).path("type").asText().equals("integer") && value.matches("-?[0-9]{1,18}");
            return Contract.isValid(
                    api, schema, isNumber ? LongNode.valueOf(Long.parseLong(value)) : TextNode.valueOf(value));
        }

        /** Its parameters, including those of its path. */
        public Stream<JsonNode> parameters() {
            return parameterPointers().map(api.document::at);
        }

        private Stream<String> parameterPointers() {
            return Stream.of("/paths" + escape(path), pointer())
                    .map(owner -> owner + "/parameters")
                    .flatMap(all -> IntStream.range(0, api.document.at(all).size())
                            .mapToObj(index -> api.resolve(all + "/" + index)));
        }

        /** The route, such as {@code GET /api/v1/users/{id}}. */
        public String route() {
            return method + " " + fullPath();
        }

        /** The path from the root of the port. */
        public String fullPath() {
            return api.document.at("/paths" + escape(path)).has("servers") ? path : api.base + path;
        }

        /** Whether its body is JSON. */
        public boolean readsJson() {
            return api.document.at(bodyPointer()).isObject();
        }

        private String pointer() {
            return "/paths" + escape(path) + escape(method.toLowerCase(Locale.ROOT));
        }

        /** The schema of its body. */
        public JsonNode body() {
            return api.document.at(api.resolve(bodyPointer() + "/schema"));
        }

        /** Whether the schema allows this body. */
        public boolean allows(JsonNode body) {
            return Contract.isValid(api, api.resolve(bodyPointer() + "/schema"), body);
        }

        /** The examples of its body. */
        public List<JsonNode> bodyExamples() {
            JsonNode content = api.document.at(bodyPointer());
            return content.has("example")
                    ? List.of(content.path("example"))
                    : stream(content.path("examples"))
                            .map(example -> example.path("value"))
                            .toList();
        }

        private String bodyPointer() {
            return pointer() + "/requestBody/content/application~1json";
        }

        @Override
        public String toString() {
            return id();
        }

        /** The documented answers, including {@code default}. */
        public Stream<Answer> answers() {
            return node().path("responses").properties().stream()
                    .map(answer -> new Answer(
                            api, answer.getKey(), api.resolve(pointer() + "/responses" + escape(answer.getKey()))));
        }

        /** The answer for this status, or {@code default} if the document does not name the status. */
        Answer answer(int status) {
            String named = Integer.toString(status);
            return answers()
                    .filter(answer -> answer.status().equals(named))
                    .findFirst()
                    .orElseGet(() -> answers()
                            .filter(answer -> answer.status().equals("default"))
                            .findFirst()
                            .orElseThrow());
        }
    }

    /**
     * An answer of an operation.
     *
     * @param status a number, or {@code default}
     * @param pointer where the document describes it
     */
    public record Answer(OpenApi api, String status, String pointer) {
        JsonNode node() {
            return api.document.at(pointer);
        }

        /** The examples that its schema does not allow. */
        public Stream<JsonNode> invalidExamples() {
            return node().path("content").properties().stream().flatMap(media -> {
                String content = pointer + "/content" + escape(media.getKey());
                JsonNode example = media.getValue().path("example");
                return Stream.concat(
                                stream(media.getValue().path("examples")).map(named -> named.path("value")),
                                example.isMissingNode() ? Stream.empty() : Stream.of(example))
                        .filter(value -> !Contract.isValid(api, content + "/schema", value));
            });
        }

        /** The problem types of its examples. Empty if it is no problem. */
        public List<String> problems() {
            return stream(node().at("/content/application~1problem+json/examples"))
                    .map(example -> example.at("/value/type").asText())
                    .toList();
        }
    }
}
