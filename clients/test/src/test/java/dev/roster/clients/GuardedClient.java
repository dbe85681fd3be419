package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A client of a service that a block of {@code docs/integrate.md} guards. The service answers with its caller's id. */
record GuardedClient(URI service) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** A condition that comes true. */
    interface Condition {
        boolean isTrue() throws IOException, InterruptedException;
    }

    /** Sends this token, or none if it is empty. */
    HttpResponse<String> send(String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service).timeout(PATIENCE);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** The service is up and can check this good token. */
    void awaitGuard(String token) throws IOException, InterruptedException {
        await("the service accepts tokens", () -> {
            try {
                return send(token).statusCode() == 200;
            } catch (IOException e) {
                return false; // not yet
            }
        });
    }

    void expectAccepted(String token) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(token);
        assertThat(answer.statusCode()).as(answer.headers().toString()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(SigningRoster.subject(token));
    }

    /** The service answers 401, with a challenge that contains this text. */
    void expectRefused(String token, String challenge) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(token);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                .startsWith("Bearer")
                .contains(challenge);
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.isTrue()) {
            assertThat(System.nanoTime()).as("Not in time: %s", what).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
