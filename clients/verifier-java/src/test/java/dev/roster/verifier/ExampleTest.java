package dev.roster.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the service in {@code example/} as its README says. */
@Timeout(120)
class ExampleTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void guardedServiceAnswersAsItsReadmeSays() throws Exception {
        TestKey key = TestKey.of("ES256");
        String token = "Bearer " + key.token(Instant.now());
        try (FakeRoster roster = new FakeRoster(key)) {
            roster.answerIntrospectionWith(503, "");
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Path.of("example", "GuardedService.java").toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("ROSTER_URL", roster.url());
            builder.environment().put("JWT_ISSUER", TestKey.ISSUER);
            builder.environment().put("JWT_AUDIENCE", TestKey.AUDIENCE);
            builder.environment().put("ROSTER_KEY", FakeRoster.KEY);
            builder.environment().put("POLICY", "INTROSPECT");
            Process service = builder.start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8))) {
                URI address = URI.create("http://127.0.0.1:" + output.readLine());

                HttpResponse<String> anonymous = get(address, null);
                assertThat(anonymous.statusCode()).isEqualTo(401);
                assertThat(anonymous.headers().allValues("WWW-Authenticate")).containsExactly("Bearer");

                HttpResponse<String> unavailable = get(address, token);
                assertThat(unavailable.statusCode()).isEqualTo(503);
                assertThat(unavailable.headers().allValues("Retry-After")).containsExactly("1");

                FakeRoster.Stream stream = roster.stream(1);
                Poll.until("200", () -> {
                    stream.beat(Instant.now());
                    HttpResponse<String> answer = get(address, token);
                    return answer.statusCode() == 200 && answer.body().equals(TestKey.SUBJECT);
                });

                stream.send(
                        Events.revoked("run-2", TestKey.SUBJECT, Instant.now().plusSeconds(900)));
                Poll.until("401", () -> get(address, token).statusCode() == 401);
                assertThat(get(address, token).headers().allValues("WWW-Authenticate"))
                        .containsExactly("Bearer error=\"invalid_token\"");
            } finally {
                service.destroyForcibly();
                service.waitFor();
            }
        }
    }

    private HttpResponse<String> get(URI address, @Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
