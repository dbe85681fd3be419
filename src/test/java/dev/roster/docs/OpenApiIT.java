package dev.roster.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.roster.http.problem.ProblemType;
import dev.roster.query.filter.UserFilters;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.OpenApi.Operation;
import dev.roster.support.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/** The users' document matches the service: parameters, problems, examples and links. */
class OpenApiIT {
    /** Port 8000 does not answer with these. */
    private static final Set<ProblemType> ONLY_FOR_OPERATORS =
            Set.of(ProblemType.INSUFFICIENT_SCOPE, ProblemType.EXPORT_TOO_LARGE, ProblemType.PRECONDITION_REQUIRED);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();

    @Test
    void documentNamesTheParametersOfTheUserList() {
        Set<String> known = new HashSet<>(UserFilters.PUBLIC);
        known.addAll(Set.of("limit", "sort", "cursor"));

        assertThat(operation("listUsers").queryParameters()).containsExactlyInAnyOrderElementsOf(known);
    }

    @ParameterizedTest
    @CsvSource({"limit,1,200", "limit,200,200", "limit,0,422", "limit,201,422"})
    void documentHasTheBoundsOfTheLimitParameter(String name, String value, int status) {
        JsonNode schema = parameter(name).path("schema");
        long number = Long.parseLong(value);

        assertThat(number >= schema.path("minimum").asLong()
                        && number <= schema.path("maximum").asLong())
                .isEqualTo(status == 200);
        api.get("/users?" + name + "=" + value, api.newUser().token()).expect(status);
    }

    @Test
    void documentNamesTheSortOrdersOfTheUserList() {
        String token = api.newUser().token();

        String message = api.get("/users?sort=x", token).expect(422).errors().get("sort");
        List<String> sorts = OpenApi.stream(parameter("sort").at("/schema/enum"))
                .map(JsonNode::asText)
                .toList();

        assertThat(message).isEqualTo("must be one of: " + String.join(", ", sorts));
        sorts.forEach(sort -> api.get("/users?sort=" + sort, token).expect(200));
    }

    @ParameterizedTest
    @CsvSource({"7,422", "8,201", "72,201", "73,422"})
    void documentHasTheBoundsOfANewPassword(int length, int status) {
        JsonNode schema = OpenApi.USERS.document().at("/components/schemas/NewPassword");
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("password", "Kx9-".repeat(20).substring(0, length));

        assertThat(length >= schema.path("minLength").asInt()
                        && length <= schema.path("maxLength").asInt())
                .isEqualTo(status == 201);
        api.register(body).expect(status);
    }

    @Test
    void documentAndServiceRequireTheCurrentPasswordWithANewOne() {
        TestUser user = api.newUser();
        JsonNode needed = OpenApi.USERS.document().at("/components/schemas/UserChanges/dependentRequired");

        assertThat(needed.toString()).isEqualTo("{\"password\":[\"current_password\"]}");
        api.put(user.path(), user.token(), Map.of("password", "Another-Horse-9"))
                .expectInvalid("current_password");
        api.put(user.path(), user.token(), Map.of("name", "B", "current_password", "wrong"))
                .expect(200);
    }

    /** The document requires all others. The named tests cover these. */
    @Test
    void onlyAFewMembersAndHeadersOfResponsesAreOptional() {
        List<String> bodies = List.of("RegisterUser", "UserChanges", "LogIn", "RefreshSession");
        Stream<String> members = OpenApi.USERS.document().at("/components/schemas").properties().stream()
                .filter(schema -> !bodies.contains(schema.getKey()))
                .flatMap(schema -> schema.getValue().path("properties").properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(member -> OpenApi.stream(schema.getValue().path("required"))
                                .noneMatch(required -> required.asText().equals(member)))
                        .map(member -> schema.getKey() + "." + member));
        Stream<String> headers = Stream.concat(
                        Stream.of(OpenApi.USERS.document().at("/components/headers")),
                        OpenApi.USERS.document().path("paths").findValues("headers").stream())
                .flatMap(all -> all.properties().stream())
                .filter(header -> !header.getValue().has("$ref")
                        && !header.getValue().path("required").asBoolean())
                .map(Map.Entry::getKey);

        assertThat(Stream.concat(members, headers))
                .containsExactlyInAnyOrder(
                        "Problem.instance", // RawHttpIT
                        "Problem.errors", // Reply.expectProblem
                        "InvalidMember.min", // this and the next nine: ErrorCodesIT
                        "InvalidMember.max",
                        "InvalidMember.digits",
                        "InvalidMember.decimals",
                        "InvalidMember.keyword",
                        "InvalidMember.allowed",
                        "InvalidMember.members",
                        "InvalidMember.expected",
                        "InvalidMember.character",
                        "InvalidMember.ascii",
                        "Link", // WalkIT
                        "Replica-Lag"); // ReplicaIT
    }

    @Test
    void documentNamesEveryProblemTypeAndItsStatus() {
        List<ProblemType> types = Arrays.stream(ProblemType.values())
                .filter(type -> !ONLY_FOR_OPERATORS.contains(type))
                .toList();

        assertThat(OpenApi.stream(OpenApi.USERS.document().at("/components/schemas/ProblemType/enum"))
                        .map(JsonNode::asText))
                .containsExactlyElementsOf(types.stream().map(ProblemType::urn).toList());
        String description = OpenApi.USERS.document().at("/info/description").asText();
        for (ProblemType type : types) {
            assertThat(description)
                    .contains("| `" + type.urn().replace("urn:roster:problem:", "") + "` | " + type.status());
        }
    }

    @Test
    void exampleProblemsHaveTheTitlesOfTheService() {
        Map<String, String> titles = new TreeMap<>();
        Arrays.stream(ProblemType.values()).forEach(type -> titles.put(type.urn(), type.title()));

        List<JsonNode> problems = OpenApi.stream(OpenApi.USERS.document().at("/components/responses"))
                .flatMap(response -> OpenApi.stream(response.at("/content/application~1problem+json/examples")))
                .map(example -> example.path("value"))
                .toList();

        assertThat(problems).isNotEmpty().allSatisfy(problem -> assertThat(
                        problem.path("title").asText())
                .isEqualTo(titles.get(problem.path("type").asText())));
    }

    @Test
    void exampleRequestsWorkOneAfterAnother() {
        api.post("/auth/register", example("register")).expect(201);
        JsonNode login = api.post("/auth/login", example("logIn")).expect(200).body();
        String token = login.path("access_token").asText();
        String path = "/users/" + login.at("/user/id").asText();

        api.post("/auth/refresh", example("refresh")).expectInvalidToken(); // it belongs to no session here
        assertThat(api.get("/users?q=" + parameter("q").path("example").asText(), token)
                        .expect(200)
                        .body()
                        .path("users"))
                .hasSize(1);
        JsonNode changes = operation("updateUser").node().at("/requestBody/content/application~1json/examples");
        assertThat(changes).isNotEmpty();
        changes.forEach(
                change -> api.put(path, token, change.path("value").toString()).expect(200));
    }

    static Stream<Arguments> links() {
        return OpenApi.USERS.operations().stream()
                .flatMap(operation -> operation.node().path("responses").properties().stream()
                        .flatMap(response -> OpenApi.stream(response.getValue().path("links"))
                                .map(link -> arguments(
                                        operation,
                                        response.getKey(),
                                        link.path("$ref").asText()))));
    }

    /** The docs page and other tools follow them. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("links")
    void linkLeadsFromTheExamplesToAnotherOperation(Operation source, String status, String reference)
            throws IOException {
        JsonNode link = OpenApi.USERS.document().at(reference.substring(1));
        Operation target = operation(link.path("operationId").asText());
        Map<String, JsonNode> bodies = Map.of(
                "$request.body#", source.node().at("/requestBody/content/application~1json/example"),
                "$response.body#", source.node().at("/responses/" + status + "/content/application~1json/example"));

        JsonNode body = link.has("requestBody")
                ? new ObjectMapper().readTree(link.path("requestBody").asText())
                : MissingNode.getInstance();

        assertThat(target.parameters().map(parameter -> parameter.path("name").asText()))
                .containsAll(names(link.path("parameters")));
        if (!body.isMissingNode()) {
            assertThat(names(target.body().path("properties"))).containsAll(names(body));
        }
        assertThat(Stream.of(link.path("parameters"), body).flatMap(OpenApi::stream))
                .isNotEmpty()
                .allSatisfy(value -> assertThat(isInExample(value.asText().replaceAll("[{}]", ""), source, bodies))
                        .as(value.asText())
                        .isTrue());
    }

    private static boolean isInExample(String expression, Operation source, Map<String, JsonNode> bodies) {
        return bodies.entrySet().stream()
                        .anyMatch(body -> expression.startsWith(body.getKey())
                                && !body.getValue()
                                        .at(expression.substring(body.getKey().length()))
                                        .isMissingNode())
                || source.path().contains("{" + expression.replace("$request.path.", "") + "}");
    }

    @Test
    void documentHasTheVersionOfTheBuild() throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());

        assertThat(OpenApi.USERS.document().at("/info/version").asText())
                .isEqualTo(XPathFactory.newInstance().newXPath().evaluate("/project/version", pom));
    }

    @Test
    void yamlDocumentIsServedUnchanged() throws IOException {
        Reply yaml = api.raw("GET", "/openapi.yaml").expect(200);

        assertThat(yaml.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(yaml.header("X-Content-Type-Options")).isEqualTo("nosniff");
        try (InputStream file = OpenApiIT.class.getResourceAsStream("/openapi.yaml")) {
            assertThat(yaml.text()).isEqualTo(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** RFC 9512, section 2.1: the deprecated names of the type. */
    @ParameterizedTest
    @ValueSource(strings = {"text/yaml", "text/x-yaml", "application/x-yaml", "text/yaml;q=0.1", "text/*"})
    void yamlDocumentIsServedUnderTheOtherNamesOfYaml(String accepted) {
        Reply yaml = api.send(HttpRequest.newBuilder(URI.create(api.base() + "/openapi.yaml"))
                        .header("Accept", accepted)
                        .GET())
                .expect(200);

        assertThat(yaml.header("Content-Type")).isEqualTo("application/yaml");
    }

    @Test
    void jsonDocumentEqualsTheYamlDocument() throws IOException {
        Reply json = api.raw("GET", "/openapi.json").expect(200);

        assertThat(json.header("Content-Type")).isEqualTo("application/json");
        assertThat(json.body())
                .isEqualTo(new YAMLMapper()
                        .readTree(api.raw("GET", "/openapi.yaml").expect(200).text()));
    }

    @ParameterizedTest
    @CsvSource({"/openapi.yaml", "/openapi.json"})
    void documentIsRevalidatedByItsETag(String path) {
        Reply first = api.raw("GET", path).expect(200);

        assertThat(first.header("Cache-Control")).isEqualTo("public, no-cache");
        Reply next = api.send(HttpRequest.newBuilder(URI.create(api.base() + path))
                .header("If-None-Match", String.valueOf(first.header("ETag")))
                .GET());
        assertThat(next.expect(304).text()).isEmpty();
        assertThat(next.header("ETag")).isEqualTo(first.header("ETag"));
        api.raw("POST", path).expectProblem(405, "method-not-allowed");
    }

    private static Operation operation(String id) {
        return OpenApi.USERS.operation(id);
    }

    private static JsonNode parameter(String name) {
        return operation("listUsers")
                .parameters()
                .filter(parameter -> parameter.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String example(String operationId) {
        return operation(operationId)
                .node()
                .at("/requestBody/content/application~1json/example")
                .toString();
    }

    private static List<String> names(JsonNode members) {
        return members.properties().stream().map(Map.Entry::getKey).toList();
    }
}
