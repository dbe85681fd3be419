package dev.roster.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.roster.client.invoker.ApiClient;
import dev.roster.client.invoker.ApiException;
import dev.roster.client.model.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An error answer of the service: a problem (RFC 9457). If something in between answers, such as a proxy, the type is
 * {@code about:blank}.
 */
public final class ProblemException extends ApiException {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final transient JsonNode problem;

    private ProblemException(HttpResponse<?> response, String body, JsonNode problem) {
        super(response.statusCode(), message(response.statusCode(), problem), response.headers(), body);
        this.problem = problem;
    }

    /** Throws if the answer is an error. */
    static void throwForError(HttpResponse<InputStream> response) {
        if (response.statusCode() < 400) {
            return;
        }
        try (InputStream stream = ApiClient.getResponseBody(response)) {
            String body = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            throw new ProblemException(response, body, parse(body));
        } catch (IOException e) {
            throw new ApiException(e);
        }
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // the answer of a proxy
        }
    }

    private static String message(int status, JsonNode problem) {
        return problem.hasNonNull("title")
                ? problem.path("title").asText() + ": " + problem.path("detail").asText()
                : "Status " + status;
    }

    /** The kind of problem, for example {@code urn:roster:problem:validation}. Later versions may add types. */
    public String type() {
        return problem.path("type").asText("about:blank");
    }

    public boolean is(ProblemType type) {
        return type().equals(type.getValue());
    }

    public int status() {
        return getCode();
    }

    public String title() {
        return problem.path("title").asText();
    }

    public String detail() {
        return problem.path("detail").asText();
    }

    /** Identifies the request in the log of the service. */
    public Optional<String> requestId() {
        return getResponseHeaders().firstValue("X-Request-Id");
    }

    /** What is not valid, for the status 422. Otherwise empty. */
    public List<InvalidMember> errors() {
        List<InvalidMember> errors = new ArrayList<>();
        for (JsonNode error : problem.path("errors")) {
            Map<String, Object> members = JSON.convertValue(error, new TypeReference<Map<String, Object>>() {});
            members.keySet().removeAll(Set.of("field", "code", "message"));
            errors.add(new InvalidMember(
                    error.path("field").asText(),
                    error.path("code").asText(),
                    error.path("message").asText(),
                    Map.copyOf(members)));
        }
        return List.copyOf(errors);
    }

    /**
     * A member, parameter or header that is not valid.
     *
     * @param code the kind of fault, for programs; later versions may add codes
     * @param message the fault in English
     * @param parameters what a translation needs, for example {@code max} for the code {@code too_long}
     */
    public record InvalidMember(String field, String code, String message, Map<String, Object> parameters) {}
}
