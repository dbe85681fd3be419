package dev.roster.support.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code openapi.yaml}, for tests that check the service against it. All objects are closed here: tests reject members
 * that the document does not name, while it tells clients to ignore them.
 */
public final class OpenApi {
    /** The prefix of all paths in the document. */
    public static final String BASE = "/api/v1";

    public static final JsonNode DOCUMENT = read();

    private static final List<Operation> OPERATIONS = DOCUMENT.path("paths").properties().stream()
            .flatMap(path -> path.getValue().properties().stream()
                    .filter(member -> member.getValue().has("operationId"))
                    .map(member -> new Operation(member.getKey().toUpperCase(Locale.ROOT), path.getKey())))
            .toList();

    private OpenApi() {}

    private static JsonNode read() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
            JsonNode document = new YAMLMapper().readTree(in);
            close(document);
            // The validator accepts only addresses in known top-level domains.
            ((ObjectNode) document.at("/components/schemas/EmailAddress")).remove("format");
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    /** All operations. */
    public static List<Operation> operations() {
        return OPERATIONS;
    }

    /** The operation that answers this request, or null if there is none. */
    static @Nullable Operation operation(String method, String path) {
        String route = path.substring(BASE.length());
        String known = DOCUMENT.path("paths").has(route)
                ? route
                : DOCUMENT.path("paths").properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(template -> route.matches(template.replaceAll("\\{\\w+}", "[^/]+")))
                        .findFirst()
                        .orElse("");
        return OPERATIONS.stream()
                .filter(operation -> operation.path().equals(known)
                        && operation.method().equals(method.equals("HEAD") ? "GET" : method))
                .findFirst()
                .orElse(null);
    }

    /** This JSON pointer (RFC 6901), or the one that its {@code $ref} names. */
    static String resolve(String pointer) {
        JsonNode reference = DOCUMENT.at(pointer).path("$ref");
        return reference.isMissingNode() ? pointer : reference.asText().substring(1);
    }

    /** Escapes a name for use in a JSON pointer. */
    static String escape(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** A method of a path such as {@code /users/{id}}. */
    public record Operation(String method, String path) {
        /** The {@code operationId}. */
        public String id() {
            return node().path("operationId").asText();
        }

        public JsonNode node() {
            return DOCUMENT.at(pointer());
        }

        /** Its parameters, including those of its path. */
        public Stream<JsonNode> parameters() {
            return Stream.of("/paths" + escape(path), pointer())
                    .flatMap(owner -> stream(DOCUMENT.at(owner + "/parameters")))
                    .map(parameter -> parameter.has("$ref")
                            ? DOCUMENT.at(parameter.path("$ref").asText().substring(1))
                            : parameter);
        }

        private String pointer() {
            return "/paths" + escape(path) + escape(method.toLowerCase(Locale.ROOT));
        }

        /** The documented answers, including {@code default}. */
        public Stream<Answer> answers() {
            return node().path("responses").properties().stream()
                    .map(answer ->
                            new Answer(answer.getKey(), resolve(pointer() + "/responses" + escape(answer.getKey()))));
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
    public record Answer(String status, String pointer) {
        JsonNode node() {
            return DOCUMENT.at(pointer);
        }

        /** The problem types of its examples. Empty if it is no problem. */
        public List<String> problems() {
            return stream(node().at("/content/application~1problem+json/examples"))
                    .map(example -> example.at("/value/type").asText())
                    .toList();
        }
    }
}
