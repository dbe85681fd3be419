package dev.roster.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.http.problem.ProblemType;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.OpenApi.Answer;
import dev.roster.support.http.OpenApi.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** Rules that both documents keep: problem types, examples, links and version. */
class OpenApiDocumentsTest {
    private static final List<OpenApi> DOCUMENTS = List.of(OpenApi.USERS, OpenApi.OPERATORS);

    private static final String REQUEST_BODY = "$request.body#";
    private static final String RESPONSE_BODY = "$response.body#";
    private static final String RESPONSE_HEADER = "$response.header.";
    private static final String REQUEST_PATH = "$request.path.";

    private static final Map<OpenApi, Set<ProblemType>> NEVER_ANSWERED = Map.of(
            OpenApi.USERS,
            EnumSet.of(ProblemType.KEY_NOT_ROTATED, ProblemType.EXPORT_TOO_LARGE, ProblemType.PRECONDITION_REQUIRED),
            OpenApi.OPERATORS,
            EnumSet.of(
                    ProblemType.INVALID_CREDENTIALS,
                    ProblemType.INVALID_TOKEN,
                    ProblemType.ACCOUNT_DISABLED,
                    ProblemType.PASSWORD_RESET_REQUIRED,
                    ProblemType.REGISTRATION_CLOSED));

    /** The second one is an answer only if a setting says so, and the document is then another. */
    private static final Set<String> OF_NO_OPERATION =
            Set.of(ProblemType.METHOD_NOT_ALLOWED.urn(), ProblemType.REGISTRATION_CLOSED.urn());

    /** The tests in the comments cover these. The documents require all other members and headers of responses. */
    private static final List<String> OPTIONAL = List.of(
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
            "Replica-Lag", // ReplicaIT
            "Consistency-Token-Lost"); // LostTokensIT

    @ParameterizedTest
    @FieldSource("DOCUMENTS")
    void documentNamesEveryProblemTypeAndItsStatus(OpenApi document) {
        List<ProblemType> types = Arrays.stream(ProblemType.values())
                .filter(type -> !NEVER_ANSWERED.getOrDefault(document, Set.of()).contains(type))
                .toList();

        assertThat(OpenApi.stream(document.document().at("/components/schemas/ProblemType/enum"))
                        .map(JsonNode::asText))
                .containsExactlyElementsOf(types.stream().map(ProblemType::urn).toList());
        String description = document.document().at("/info/description").asText();
        for (ProblemType type : types) {
            assertThat(description)
                    .contains("| `" + type.urn().replace("urn:roster:problem:", "") + "` | " + type.status());
        }
    }

    @ParameterizedTest
    @FieldSource("DOCUMENTS")
    void everyProblemTypeIsThatOfAnAnswer(OpenApi document) {
        Set<String> answered = OpenApi.stream(document.document().at("/components/responses"))
                .flatMap(OpenApiDocumentsTest::problems)
                .map(problem -> problem.path("type").asText())
                .collect(Collectors.toSet());

        assertThat(OpenApi.stream(document.document().at("/components/schemas/ProblemType/enum"))
                        .map(JsonNode::asText)
                        .filter(type -> !OF_NO_OPERATION.contains(type)))
                .containsExactlyInAnyOrderElementsOf(answered);
    }

    @ParameterizedTest
    @FieldSource("DOCUMENTS")
    void exampleProblemsHaveTheTitlesOfTheService(OpenApi document) {
        Map<String, String> titles = new TreeMap<>();
        Arrays.stream(ProblemType.values()).forEach(type -> titles.put(type.urn(), type.title()));

        assertThat(OpenApi.stream(document.document().at("/components/responses"))
                        .flatMap(OpenApiDocumentsTest::problems))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.path("title").asText())
                        .isEqualTo(titles.get(problem.path("type").asText())));
    }

    private static Stream<JsonNode> problems(JsonNode response) {
        return OpenApi.stream(response.at("/content/application~1problem+json/examples"))
                .map(example -> example.path("value"));
    }

    @ParameterizedTest
    @FieldSource("DOCUMENTS")
    void examplesSatisfyTheirSchemas(OpenApi document) {
        assertThat(document.operations()).allSatisfy(operation -> {
            assertThat(operation.bodyExamples()).allMatch(operation::allows);
            assertThat(operation.answers().flatMap(Answer::invalidExamples)).isEmpty();
        });
    }

    @ParameterizedTest
    @FieldSource("DOCUMENTS")
    void onlyAFewMembersAndHeadersOfResponsesAreOptional(OpenApi document) {
        Set<JsonNode> bodies =
                document.operations().stream().map(Operation::body).collect(Collectors.toSet());
        Stream<String> members = document.document().at("/components/schemas").properties().stream()
                .filter(schema -> !bodies.contains(schema.getValue()))
                .flatMap(schema -> names(schema.getValue().path("properties")).stream()
                        .filter(member -> OpenApi.stream(schema.getValue().path("required"))
                                .noneMatch(required -> required.asText().equals(member)))
                        .map(member -> schema.getKey() + "." + member));
        Stream<String> headers = Stream.concat(
                        Stream.of(document.document().at("/components/headers")),
                        document.document().path("paths").findValues("headers").stream())
                .flatMap(all -> all.properties().stream())
                .filter(header -> !header.getValue().has("$ref")
                        && !header.getValue().path("required").asBoolean())
                .map(Map.Entry::getKey);

        assertThat(Stream.concat(members, headers))
                // Of one document alone: OwnUserIT, ServerMetadataIT, IntrospectionIT, JwksIT.
                .filteredOn(name ->
                        !Set.of("User.pending_email", "ServerMetadata.jwks_uri").contains(name)
                                && !name.startsWith("TokenState.")
                                && !name.startsWith("PublicKey."))
                .containsExactlyInAnyOrderElementsOf(OPTIONAL);
    }

    static Stream<Arguments> links() {
        return DOCUMENTS.stream()
                .flatMap(document -> document.operations().stream())
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
        JsonNode link = source.api().document().at(reference.substring(1));
        Operation target = source.api().operation(link.path("operationId").asText());
        JsonNode body = new ObjectMapper().readTree(link.path("requestBody").asText("{}"));

        assertThat(target.parameters().map(parameter -> parameter.path("name").asText()))
                .containsAll(names(link.path("parameters")));
        assertThat(names(target.body().path("properties"))).containsAll(names(body));
        assertThat(Stream.of(link.path("parameters"), body).flatMap(OpenApi::stream))
                .isNotEmpty()
                .allSatisfy(value -> assertThat(isKnown(value.asText().replaceAll("[{}]", ""), source, status))
                        .as(value.asText())
                        .isTrue());
    }

    /** Whether the example of a body, a header or the path has the value of this expression. */
    private static boolean isKnown(String expression, Operation source, String status) {
        JsonNode response = source.node().at("/responses/" + status);
        if (expression.startsWith(REQUEST_BODY)) {
            return source.bodyExamples().stream().anyMatch(example -> example.at(after(REQUEST_BODY, expression))
                    .isValueNode());
        }
        if (expression.startsWith(RESPONSE_BODY)) {
            return response.at("/content/application~1json/example" + after(RESPONSE_BODY, expression))
                    .isValueNode();
        }
        if (expression.startsWith(RESPONSE_HEADER)) {
            return response.path("headers").has(after(RESPONSE_HEADER, expression));
        }
        return source.path().contains("{" + after(REQUEST_PATH, expression) + "}");
    }

    private static String after(String start, String expression) {
        return expression.substring(start.length());
    }

    @Test
    void documentsHaveTheVersionOfTheBuild() throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        String version = XPathFactory.newInstance().newXPath().evaluate("/project/version", pom);

        assertThat(DOCUMENTS).allSatisfy(document -> assertThat(
                        document.document().at("/info/version").asText())
                .isEqualTo(version));
    }

    @Test
    void documentsHaveTheSameErrorCodes() {
        String codes = "/components/schemas/ErrorCode";

        assertThat(OpenApi.OPERATORS.document().at(codes))
                .isEqualTo(OpenApi.USERS.document().at(codes));
    }

    private static List<String> names(JsonNode members) {
        return members.properties().stream().map(Map.Entry::getKey).toList();
    }
}
