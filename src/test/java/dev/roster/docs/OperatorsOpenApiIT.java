package dev.roster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.roster.apikey.Scope;
import dev.roster.query.filter.UserFilters;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.AdminRoutes;
import dev.roster.support.http.AdminRoutes.Route;
import dev.roster.support.http.Api;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The operators' document matches the service: filters, scopes, reasons and example requests. */
class OperatorsOpenApiIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("TOKEN_ALGORITHM", "ES256");

    private static final OpenApi API = OpenApi.OPERATORS;

    private final Map<String, Route> routes =
            AdminRoutes.of(ROSTER).stream().collect(Collectors.toMap(Route::documented, Function.identity()));
    private final Api admin = new Api(ROSTER.admin());

    @Test
    void documentNamesTheFiltersOfTheUserList() {
        Set<String> known = new HashSet<>(UserFilters.ALL);
        assertThat(API.operation("countUsers").queryParameters()).containsExactlyInAnyOrderElementsOf(known);

        known.addAll(Set.of("limit", "sort", "cursor"));
        assertThat(API.operation("listUsers").queryParameters()).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void documentNamesTheScopeOfEachOperation() {
        assertThat(API.operations())
                .filteredOn(operation -> routes.containsKey(operation.route()))
                .isNotEmpty()
                .allSatisfy(
                        operation -> assertThat(operation.node().path("x-scope").asText())
                                .isEqualTo(Objects.requireNonNull(Objects.requireNonNull(routes.get(operation.route()))
                                                .scope())
                                        .id()));
        assertThat(OpenApi.stream(API.document().at("/components/schemas/Scope/enum"))
                        .map(JsonNode::asText))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Scope.values()).map(Scope::id).toList());
    }

    @Test
    void everyChangeTakesAReasonAndAnActor() {
        assertThat(API.operations()).allSatisfy(operation -> {
            List<String> headers = operation
                    .parameters()
                    .map(parameter -> parameter.path("name").asText())
                    .filter(name -> name.startsWith("Roster-"))
                    .toList();
            assertThat(headers)
                    .as(operation.id())
                    .isEqualTo(operation.method().equals("GET") ? List.of() : List.of("Roster-Reason", "Roster-Actor"));
        });
    }

    @Test
    void exampleRequestsWork() {
        assertThat(API.operations().stream().flatMap(operation -> operation.bodyExamples().stream()
                        .map(example -> new OperatorCaller(ROSTER)
                                .call(operation)
                                .withBody(example.toString())
                                .send())))
                .hasSizeGreaterThan(4)
                .allSatisfy(reply -> assertThat(reply.status()).as(reply.text()).isBetween(200, 299));
    }

    @Test
    void documentIsServedAsYamlAndAsJson() throws IOException {
        Reply yaml = admin.raw("GET", "/openapi.yaml").expect(200);
        Reply json = admin.raw("GET", "/openapi.json").expect(200);

        try (InputStream file = OperatorsOpenApiIT.class.getResourceAsStream("/admin/openapi.yaml")) {
            assertThat(yaml.text()).isEqualTo(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(yaml.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(json.header("Content-Type")).isEqualTo("application/json");
        assertThat(json.body()).isEqualTo(new YAMLMapper().readTree(yaml.text()));
    }
}
