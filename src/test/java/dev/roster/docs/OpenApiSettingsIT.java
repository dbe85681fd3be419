package dev.roster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import dev.roster.support.http.Requests;
import dev.roster.support.http.Routes;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mindrot.jbcrypt.BCrypt;

/** The document offers what the settings leave open, and describes it as the service does it. */
class OpenApiSettingsIT {
    private static final String BASE = "/api/v1";

    private final Routes running = new Routes();
    private final TestDatabase database = TestDatabase.migrated();
    private final RosterExtension roster = new RosterExtension().on(database).running(running::service);
    private String token = "";
    private UUID other = new UUID(0, 0);

    @AfterEach
    void stop() {
        roster.stop();
    }

    /** One start for each combination. {@code proofs}: with mails, and proofs of addresses are required. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "open   | all  | off     | ''                             | 200 403 404",
                "open   | all  | mailbox | ''                             | 200 403 404",
                "closed | all  | off     | POST /auth/register            | 200 403 404",
                "open   | self | off     | GET /users                     | 403",
                "closed | self | mailbox | GET /users,POST /auth/register | 403",
                "open   | all  | proofs  | ''                             | 200 403 404",
                "closed | all  | proofs  | POST /auth/register            | 200 403 404"
            })
    void documentFollowsTheSettings(String registration, String directory, String mail, String closed, String answers)
            throws Exception {
        roster.with("REGISTRATION", registration)
                .with("DIRECTORY", directory)
                .with("MAIL", mail.equals("proofs") ? "mailbox" : mail)
                .with("EMAIL_VERIFICATION", mail.equals("proofs") ? "required" : "off")
                .with("MAIL_LINKS", "https://app.example.com")
                .start();
        Requests requests = new Requests(roster.api());
        addUsers(requests);
        JsonNode document =
                requests.send("GET", "/openapi.json", null, null).expect(200).body();
        List<String> closedRoutes =
                Stream.of(closed.split(",")).filter(route -> !route.isEmpty()).toList();

        everyRouteIsDocumentedUnlessItIsClosed(document, closedRoutes);
        closedRoutesAreForbidden(requests, closedRoutes);
        answersAboutOthersAreDocumented(requests, document, answers);
        everyComponentIsUsedAndThere(document);
        bothFormsAreTheSame(requests, document);
    }

    private void everyRouteIsDocumentedUnlessItIsClosed(JsonNode document, List<String> closed) {
        Set<String> open = new TreeSet<>(running.ofApi());
        closed.forEach(route -> open.remove(route.replace(" ", " " + BASE)));

        assertThat(operations(document).map(operation -> operation.method() + " " + operation.path()))
                .containsExactlyInAnyOrderElementsOf(open);
    }

    private void closedRoutesAreForbidden(Requests requests, List<String> closed) {
        assertThat(closed).allSatisfy(route -> {
            String[] parts = route.split(" ", 2);
            requests.send(parts[0], BASE + parts[1], token, null).expect(403);
        });
    }

    private void answersAboutOthersAreDocumented(Requests requests, JsonNode document, String expected) {
        Set<String> answered = new TreeSet<>();
        for (Operation operation : operations(document).toList()) {
            for (UUID id : operation.path().contains("{id}") ? List.of(other, UUID.randomUUID()) : List.<UUID>of()) {
                String path = operation.path().replace("{id}", id.toString()).replace("{sid}", id.toString());
                String body = operation.node().has("requestBody") ? "{\"name\": \"Ada\"}" : null;
                Reply reply = requests.send(operation.method(), path, token, body);
                answered.add(Integer.toString(reply.status()));
                JsonNode responses = operation.node().path("responses");
                assertThat(responses.has(Integer.toString(reply.status())))
                        .as("%s: %s", operation, reply.text())
                        .isTrue();
            }
        }

        assertThat(answered).containsExactly(expected.split(" "));
    }

    /** Nothing is left over from what was removed, and nothing is missing. */
    private static void everyComponentIsUsedAndThere(JsonNode document) {
        Set<String> used = new TreeSet<>(document.findValuesAsText("$ref"));
        Set<String> there = new TreeSet<>();
        document.path("components").properties().forEach(kind -> kind.getValue()
                .fieldNames()
                .forEachRemaining(name -> there.add("#/components/" + kind.getKey() + "/" + name)));
        there.removeIf(name -> name.startsWith("#/components/securitySchemes/"));

        assertThat(used).isEqualTo(there);
        assertThat(operations(document)
                        .map(operation -> operation.node().path("operationId").asText()))
                .containsAll(document.at("/components/links").findValuesAsText("operationId"));
    }

    private static void bothFormsAreTheSame(Requests requests, JsonNode document) throws IOException {
        Reply yaml = requests.send("GET", "/openapi.yaml", null, null).expect(200);

        assertThat(new YAMLMapper().readTree(yaml.text())).isEqualTo(document);
        assertThat(yaml.text()).containsPattern("\n +['\"]404['\"]:\n").contains("  description: |\n");
    }

    private static Stream<Operation> operations(JsonNode document) {
        return document.path("paths").properties().stream().flatMap(path -> path.getValue().properties().stream()
                .filter(member -> member.getValue().has("operationId"))
                .map(member -> new Operation(
                        member.getKey().toUpperCase(Locale.ROOT),
                        (path.getValue().has("servers") ? "" : BASE) + path.getKey(),
                        member.getValue())));
    }

    /** Past the service, because registration may be closed. */
    private void addUsers(Requests requests) {
        other = UUID.randomUUID();
        String email = Api.newEmail();
        database.jdbi().useHandle(handle -> {
            String sql = "INSERT INTO users (id, name, email, password_hash) VALUES (?, 'Ada', ?, ?)";
            handle.execute(sql, other, Api.newEmail(), "x");
            handle.execute(sql, UUID.randomUUID(), email, BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(4)));
        });
        token = requests.send(
                        "POST",
                        BASE + "/auth/login",
                        null,
                        TestTokens.json(Map.of("email", email, "password", Api.PASSWORD)))
                .expect(200)
                .body()
                .path("access_token")
                .asText();
    }

    /** @param path from the root of the port */
    private record Operation(String method, String path, JsonNode node) {}
}
