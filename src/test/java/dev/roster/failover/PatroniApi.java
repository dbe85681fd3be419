package dev.roster.failover;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The REST interface of one Patroni. */
final class PatroniApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI address;

    PatroniApi(URI address) {
        this.address = address;
    }

    String url() {
        return address.toString();
    }

    /** Whether it says that it is the primary. False if it does not answer. */
    boolean isPrimary() {
        return send(request("/primary").GET())
                .filter(answer -> answer.statusCode() == 200)
                .isPresent();
    }

    /** How many members have this role, as the store has it. */
    long count(String role) {
        return send(request("/cluster").GET())
                .map(answer -> read(answer.body()).path("members").findValuesAsText("role").stream()
                        .filter(role::equals)
                        .count())
                .orElse(0L);
    }

    /** The name of the member with this role, as the store has it. */
    Optional<String> find(String role) {
        return send(request("/cluster").GET()).flatMap(answer -> {
            for (JsonNode member : read(answer.body()).path("members")) {
                if (member.path("role").asText().equals(role)) {
                    return Optional.of(member.path("name").asText());
                }
            }
            return Optional.empty();
        });
    }

    /** Changes the settings of the whole cluster. They hold within {@code loop_wait}. */
    void configure(Map<String, ?> settings) {
        try {
            String body = JSON.writeValueAsString(settings);
            int status = send(request("/config").method("PATCH", BodyPublishers.ofString(body)))
                    .map(HttpResponse::statusCode)
                    .orElse(0);
            if (status != 200) {
                throw new IllegalStateException("Patroni answers " + status + " to " + body);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
    }

    private Optional<HttpResponse<String>> send(HttpRequest.Builder request) {
        try {
            return Optional.of(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(body, e);
        }
    }
}
