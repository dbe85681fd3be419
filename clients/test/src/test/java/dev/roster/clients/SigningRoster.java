package dev.roster.clients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * A service that signs with an algorithm whose public keys other services fetch. Its {@code JWT_ISSUER} is its address,
 * its {@code KEY_LEAD} a few seconds, and its {@code ACCESS_TOKEN_LIFETIME} a minute.
 *
 * @param key an API key with all scopes
 * @param oldToken an access token from before the tests
 */
record SigningRoster(String algorithm, URI address, URI adminAddress, String key, String oldToken) {
    /** Its {@code JWT_AUDIENCE}. */
    static final String AUDIENCE = "roster";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PASSWORD = "Correct-Horse-9";

    /** The two tokens of a session. */
    record Session(String accessToken, String refreshToken) {}

    /**
     * The service that signs with this algorithm. Without one, the test is skipped.
     *
     * @param algorithm ES256, RS256 or EdDSA
     */
    static SigningRoster of(String algorithm) {
        String suffix = "_" + algorithm.toUpperCase(Locale.ROOT);
        assumeTrue(System.getenv("ROSTER_URL" + suffix) != null, "ROSTER_URL" + suffix + " is not set");
        return new SigningRoster(
                algorithm,
                URI.create(variable("ROSTER_URL" + suffix)),
                URI.create(variable("ROSTER_ADMIN_URL" + suffix)),
                variable("ROSTER_KEY" + suffix),
                variable("ROSTER_TOKEN" + suffix));
    }

    private static String variable(String name) {
        return requireNonNull(System.getenv(name), name);
    }

    String issuer() {
        return address.toString();
    }

    URI jwks() {
        return address.resolve("/.well-known/jwks.json");
    }

    /** Registers a user and logs in. */
    Session logIn() throws IOException, InterruptedException {
        String email = UUID.randomUUID() + "@integrate.example";
        post("/auth/register", Map.of("name", "Viola", "email", email, "password", PASSWORD), 201);
        return session(post("/auth/login", Map.of("email", email, "password", PASSWORD), 200));
    }

    Session refresh(Session session) throws IOException, InterruptedException {
        return session(post("/auth/refresh", Map.of("refresh_token", session.refreshToken()), 200));
    }

    /** Logs out the session. From then on, its access tokens are revoked. */
    void logOut(Session session) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve("/api/v1/auth/logout"))
                .header("Authorization", "Bearer " + session.accessToken())
                .POST(BodyPublishers.noBody());
        send(request, 204);
    }

    /** Makes a new signing key, or finds one that does not sign yet, and returns its {@code kid}. */
    String rotate() throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(adminAddress.resolve("/admin/v1/keys/rotation"))
                .header("Authorization", "Bearer " + key)
                .header("Roster-Reason", "A test rotates")
                .POST(BodyPublishers.noBody());
        return JSON.readTree(send(request, 200, 201).body()).path("kid").asText();
    }

    /** The {@code kid} of a token: the key that has signed it. */
    static String keyId(String token) {
        return part(token, 0).path("kid").asText();
    }

    /** The {@code sub} of a token: the user's id. */
    static String subject(String token) {
        return part(token, 1).path("sub").asText();
    }

    /** The token with the id of another user, and the signature of before. */
    static String forged(String token) throws IOException {
        byte[] payload = JSON.writeValueAsBytes(part(token, 1).put("sub", "01980000-0000-7000-8000-000000000000"));
        return token.substring(0, token.indexOf('.') + 1)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(payload)
                + token.substring(token.lastIndexOf('.'));
    }

    private static ObjectNode part(String token, int index) {
        try {
            String part = List.of(token.split("\\.", -1)).get(index);
            return (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Session session(JsonNode body) {
        return new Session(
                body.path("access_token").asText(), body.path("refresh_token").asText());
    }

    private JsonNode post(String path, Map<String, String> body, int expected)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve("/api/v1" + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
        return JSON.readTree(send(request, expected).body());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, Integer... expected)
            throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isIn((Object[]) expected);
        return response;
    }
}
