package dev.roster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The users' document matches the service: parameters and example requests. */
class OpenApiIT {
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
}
