package dev.roster.support.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A complete answer of the service. */
public record Reply(int status, HttpHeaders headers, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public JsonNode body() {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** The value of a header, or null if it is absent. */
    public @Nullable String header(String name) {
        List<String> values = headers.allValues(name);
        assertThat(values).as(name).hasSizeLessThan(2);
        return values.isEmpty() ? null : values.get(0);
    }

    public Reply expect(int expectedStatus) {
        assertThat(status).as(text).isEqualTo(expectedStatus);
        return this;
    }

    /** Asserts that this is a problem of this status and type, with all members and headers of a problem. */
    public Reply expectProblem(int expectedStatus, String type) {
        expect(expectedStatus);
        assertThat(header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(header("Cache-Control")).isEqualTo("no-store");
        assertThat(header("X-Content-Type-Options")).isEqualTo("nosniff");
        JsonNode problem = body();
        assertThat(problem.path("type").asText()).isEqualTo("urn:roster:problem:" + type);
        assertThat(problem.path("status").asInt()).isEqualTo(expectedStatus);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).isNotBlank();
        assertThat(problem.path("request_id").asText()).isNotBlank().isEqualTo(header("X-Request-Id"));
        assertThat(problem.has("errors")).as(text).isEqualTo(type.equals("validation"));
        return this;
    }

    /** Asserts that this is a validation problem that names exactly these members. */
    public Reply expectInvalid(String... fields) {
        expectProblem(422, "validation");
        assertThat(errors().keySet()).as(text).containsExactlyInAnyOrder(fields);
        return this;
    }

    /** Asserts that this asks for a token. */
    public Reply expectUnauthenticated() {
        expectProblem(401, "unauthenticated");
        assertThat(body().path("detail").asText())
                .isEqualTo("This request needs an access token. Send it in a header: Authorization: Bearer <token>");
        assertThat(header("WWW-Authenticate")).isEqualTo("Bearer realm=\"roster\"");
        return this;
    }

    /** Asserts that this refuses the token without a reason. */
    public Reply expectInvalidToken() {
        expectProblem(401, "invalid-token");
        assertThat(header("WWW-Authenticate")).isEqualTo("Bearer realm=\"roster\", error=\"invalid_token\"");
        return this;
    }

    /** The reasons of a validation problem, by member. */
    public Map<String, String> errors() {
        Map<String, String> errors = new TreeMap<>();
        body().path("errors")
                .forEach(error -> errors.put(
                        error.path("field").asText(), error.path("message").asText()));
        return errors;
    }
}
