package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sends {@code requests.http} from top to bottom with httpYac, which runs the same scripts as JetBrains' client. */
class RequestsHttpIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STATUS = Pattern.compile(": \\d{3}\\b");
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{(\\w+)\\.response\\.body\\.\\$\\.([\\w.]+)}}");

    private static String requests = "";
    private static List<JsonNode> responses = List.of();

    @BeforeAll
    static void send() throws IOException, InterruptedException {
        requests = Files.readString(Path.of("../../requests.http"));
        String addressed = requests.replace("http://localhost:8000", Service.ADDRESS.toString());
        Path copy = Files.writeString(Node.DIRECTORY.resolve("requests.http"), addressed);
        String json =
                Node.run("node_modules/.bin/httpyac", "send", copy.getFileName().toString(), "--all", "--json");
        responses = StreamSupport.stream(JSON.readTree(json).path("requests").spliterator(), false)
                .filter(request -> request.has("response"))
                .toList();
    }

    @Test
    void eachResponseHasTheStatusInTheTitleOfItsRequest() {
        Stream<String> titles = requests.lines()
                .filter(line -> line.startsWith("### ") && STATUS.matcher(line).find())
                .map(line -> line.substring("### ".length()));

        assertThat(responses)
                .extracting(request -> STATUS.matcher(request.path("title").asText())
                        .replaceFirst(": "
                                + request.path("response").path("statusCode").asInt()))
                .containsExactlyElementsOf(titles.toList());
    }

    /** The REST Client runs in an editor only. This checks the values that it reads from earlier responses. */
    @Test
    void eachReferenceToAResponseHasAValue() throws IOException {
        List<MatchResult> references = REFERENCE.matcher(requests).results().toList();

        assertThat(references).isNotEmpty();
        for (MatchResult reference : references) {
            String pointer = "/" + reference.group(2).replace('.', '/');
            assertThat(body(reference.group(1)).at(pointer).asText(""))
                    .as(reference.group())
                    .isNotEmpty();
        }
    }

    private static JsonNode body(String name) throws IOException {
        JsonNode request = responses.stream()
                .filter(one -> one.path("name").asText().equals(name))
                .findAny()
                .orElseThrow();
        return JSON.readTree(request.path("response").path("body").asText());
    }
}
