package dev.roster.support.http;

import dev.roster.support.TestTokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client of one running service. Checks each answer against {@code openapi.yaml}. Thread-safe. */
public final class Api {
    /** The password of the users that {@link #newUser} registers. */
    public static final String PASSWORD = "Correct-Horse-9";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final URI base;
    private final Duration patience;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    /** @param base the address of the service, without {@code /api/v1} */
    public Api(URI base) {
        this(base, Duration.ofSeconds(60));
    }

    private Api(URI base, Duration patience) {
        this.base = base;
        this.patience = patience;
    }

    /** A client that fails if an answer takes longer than this. */
    public Api within(Duration newPatience) {
        return new Api(base, newPatience);
    }

    public URI base() {
        return base;
    }

    /** Starts a request to this path below {@code /api/v1}, for {@link #send}. */
    public HttpRequest.Builder request(String path) {
        return requestTo("/api/v1" + path);
    }

    /** Starts a request to any path of the port. Does not encode the path. */
    public HttpRequest.Builder requestTo(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(patience);
    }

    /** Starts a request with this access token, or without one if it is null. */
    public HttpRequest.Builder request(String path, @Nullable String token) {
        return token == null ? request(path) : request(path).header("Authorization", "Bearer " + token);
    }

    public Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            Reply reply = new Reply(response.statusCode(), response.headers(), text(response));
            Contract.check(response.request().method(), response.uri().getRawPath(), reply);
            return reply;
        } catch (IOException e) {
            throw new IllegalStateException("No answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The whole body; of a stream only the first event with data. */
    private static String text(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (!type.equals("text/event-stream")) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
            StringBuilder text = new StringBuilder();
            int next = body.read();
            while (next >= 0 && !(text.indexOf("data: ") >= 0 && text.indexOf("\n\n", text.length() - 2) >= 0)) {
                text.append((char) next);
                next = body.read();
            }
            return text.toString();
        }
    }

    public Reply get(String path, @Nullable String token) {
        return send(request(path, token).GET());
    }

    public Reply delete(String path, @Nullable String token) {
        return send(request(path, token).DELETE());
    }

    /** Sends a request without a body to any path of the port. Does not encode the path. */
    public Reply raw(String method, String path) {
        return send(requestTo(path).method(method, BodyPublishers.noBody()));
    }

    /** POSTs this text as {@code application/json}. */
    public Reply post(String path, String body) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    /** POSTs a form to any path of the port, with this access token or API key, or with none if it is null. */
    public Reply form(String path, @Nullable String token, String form) {
        HttpRequest.Builder request = requestTo(path).header("Content-Type", "application/x-www-form-urlencoded");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.POST(BodyPublishers.ofString(form)));
    }

    /** POSTs a map as JSON. */
    public Reply post(String path, Map<String, ?> body) {
        return post(path, TestTokens.json(body));
    }

    /** PUTs this text as {@code application/json}. */
    public Reply put(String path, @Nullable String token, String body) {
        return send(
                request(path, token).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body)));
    }

    /** PUTs a map as JSON. */
    public Reply put(String path, @Nullable String token, Map<String, ?> body) {
        return put(path, token, TestTokens.json(body));
    }

    /** PUTs a map as JSON with this {@code If-Match}. */
    public Reply put(String path, String token, Map<String, ?> body, String ifMatch) {
        return send(request(path, token)
                .header("Content-Type", "application/json")
                .header("If-Match", ifMatch)
                .PUT(BodyPublishers.ofString(TestTokens.json(body))));
    }

    public Reply register(Map<String, ?> body) {
        return post("/auth/register", body);
    }

    public Reply login(String email, String password) {
        return post("/auth/login", Map.of("email", email, "password", password));
    }

    public Reply logout(@Nullable String token) {
        return send(request("/auth/logout", token).POST(BodyPublishers.noBody()));
    }

    /** Registers a new user and logs them in. */
    public TestUser newUser() {
        String email = newEmail();
        Reply registered = register(newBody(email)).expect(201);
        UUID id = UUID.fromString(registered.body().path("id").asText());
        return new TestUser(id, email, newToken(email));
    }

    /** Logs in a user whose password is {@link #PASSWORD} and returns the access token. */
    public String newToken(String email) {
        return login(email, PASSWORD).expect(200).body().path("access_token").asText();
    }

    /** Logs in a user whose password is {@link #PASSWORD}. */
    public TestSession newSession(TestUser user) {
        return TestSession.of(login(user.email(), PASSWORD).expect(200));
    }

    public Reply refresh(String refreshToken) {
        return post("/auth/refresh", Map.of("refresh_token", refreshToken));
    }

    /** Refreshes a session, which has to succeed. */
    public TestSession refreshed(String refreshToken) {
        return TestSession.of(refresh(refreshToken).expect(200));
    }

    /** An e-mail address that this JVM has not used before. */
    public static String newEmail() {
        return "person" + COUNT.incrementAndGet() + "@example.com";
    }

    /** The body of a registration with this address. */
    public static Map<String, Object> newBody(String email) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", "A Person");
        body.put("email", email);
        body.put("password", PASSWORD);
        return body;
    }

    /** A registered user with an access token. */
    public record TestUser(UUID id, String email, String token) {
        /** The path of the user. */
        public String path() {
            return "/users/" + id;
        }

        /** The path of the user's sessions. */
        public String sessionsPath() {
            return path() + "/sessions";
        }
    }

    /** The tokens of a login or a refresh. */
    public record TestSession(UUID id, String accessToken, String refreshToken) {
        public static TestSession of(Reply reply) {
            String accessToken = reply.body().path("access_token").asText();
            return new TestSession(
                    UUID.fromString(TestTokens.read(accessToken).path("sid").asText()),
                    accessToken,
                    reply.body().path("refresh_token").asText());
        }
    }
}
