package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.http.problem.ProblemType;
import dev.roster.refusal.ErrorCode;
import dev.roster.support.http.OpenApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/api.md} has all problem types. The page and {@code openapi.yaml} have the codes of invalid values, and
 * their parameters.
 */
class ErrorCodesTest {
    private static final Pattern TABLE =
            Pattern.compile("\\| code \\| parameters \\| .*\\R\\|[ |-]+\\R(?<rows>(?:\\| .*\\R)+)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(?<code>[a-z_]+)` \\|(?<parameters>[^|]*)\\|");
    private static final Pattern PROBLEM = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([45]\\d\\d)\\b");
    private static final Pattern NAME = Pattern.compile("`([a-z]+)`");
    private static final Set<String> OF_EVERY_ERROR = Set.of("field", "message", "code");

    @Test
    void thePageExplainsEveryCode() throws IOException {
        MatchResult table = TABLE.matcher(Files.readString(Path.of("docs/api.md")))
                .results()
                .findFirst()
                .orElseThrow();
        Map<String, List<String>> explained = new LinkedHashMap<>();
        ROW.matcher(table.group(1))
                .results()
                .forEach(row -> explained.put(
                        row.group(1),
                        NAME.matcher(row.group(2))
                                .results()
                                .map(name -> name.group(1))
                                .toList()));

        Map<String, List<String>> codes = new LinkedHashMap<>();
        Arrays.stream(ErrorCode.values()).forEach(code -> codes.put(code.id(), code.parameters()));
        assertThat(explained).containsExactlyEntriesOf(codes);
    }

    @Test
    void thePageExplainsEveryProblemType() throws IOException {
        List<String> explained = PROBLEM.matcher(Files.readString(Path.of("docs/api.md")))
                .results()
                .map(row -> "urn:roster:problem:" + row.group(1) + " " + row.group(2))
                .toList();

        assertThat(explained)
                .containsExactlyElementsOf(Arrays.stream(ProblemType.values())
                        .map(type -> type.urn() + " " + type.status())
                        .toList());
    }

    @Test
    void theContractHasEveryCode() {
        assertThat(OpenApi.stream(OpenApi.USERS.document().at("/components/schemas/ErrorCode/enum"))
                        .map(JsonNode::asText))
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::id).toList());
    }

    @Test
    void theContractHasEveryParameterAndRequiresTheCode() {
        JsonNode schema = OpenApi.USERS.document().at("/components/schemas/InvalidMember");
        Set<String> parameters = new TreeSet<>(OF_EVERY_ERROR);
        Arrays.stream(ErrorCode.values()).forEach(code -> parameters.addAll(code.parameters()));

        assertThat(schema.path("properties").properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(parameters);
        assertThat(OpenApi.stream(schema.path("required")).map(JsonNode::asText))
                .containsExactlyInAnyOrderElementsOf(OF_EVERY_ERROR);
    }
}
