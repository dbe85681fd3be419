package dev.roster.clients;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that counts requests. It answers them itself or forwards them to the service. */
final class FakeServer implements AutoCloseable {
    /** An answer. Without a status, the connection breaks instead. */
    record Answer(int status, Map<String, String> headers, String body) {
        static final Answer LOST = new Answer(0, Map.of(), "");

        /** A 503. */
        static Answer busy(String retryAfter) {
            return new Answer(503, Map.of("Retry-After", retryAfter), "");
        }
    }

    /** Asks the service. */
    interface Forward {
        Answer send() throws IOException, InterruptedException;
    }

    /** Answers a request, such as {@code GET /api/v1/users/me}. */
    interface Handler {
        Answer answer(String request, Forward forward) throws IOException, InterruptedException;
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    /** @param service the address of the service */
    FakeServer(URI service, Handler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
                requests.add(request);
                byte[] body = exchange.getRequestBody().readAllBytes();
                Answer answer = handler.answer(request, () -> forward(service, exchange, body));
                if (answer.status() == 0) {
                    return;
                }
                answer.headers().forEach(exchange.getResponseHeaders()::set);
                byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    String basePath() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1";
    }

    int count(String request) {
        return Collections.frequency(List.copyOf(requests), request);
    }

    private Answer forward(URI service, HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : List.of("Authorization", "Content-Type")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        Map<String, String> headers = new HashMap<>();
        for (String name : List.of("Content-Type", "WWW-Authenticate", "X-Request-Id")) {
            response.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
        }
        return new Answer(response.statusCode(), headers, response.body());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
