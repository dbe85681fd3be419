package dev.roster.verifier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.json.JsonUtil;
import org.jspecify.annotations.Nullable;

/** A Roster that says what a test tells it to. */
final class FakeRoster implements AutoCloseable {
    /** An answer with a body. */
    record Answer(int status, String body) {}

    static final String KEY = "rk_test";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private final List<String> introspected = new CopyOnWriteArrayList<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer server;
    private volatile List<Map<String, Object>> keys;
    private volatile Answer keysAnswer = new Answer(200, "");
    private volatile Answer streamAnswer = new Answer(200, "");
    private volatile Answer introspection = new Answer(200, "{\"active\":true}");
    private volatile boolean isHanging;
    private volatile String greeting = "retry: 500\n\n";

    FakeRoster(TestKey... published) throws IOException {
        keys = Arrays.stream(published).map(TestKey::published).toList();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/.well-known/jwks.json", this::answerKeys);
        server.createContext("/api/v1/revocations", this::answerStream);
        server.createContext("/oauth/introspect", this::answerIntrospection);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void publish(TestKey... published) {
        keys = Arrays.stream(published).map(TestKey::published).toList();
    }

    /** Answers requests for the keys in this way. With an empty body and 200, with the keys. */
    void answerKeysWith(int status, String body) {
        keysAnswer = new Answer(status, body);
    }

    /** Answers further requests for the stream in this way, instead of opening it. */
    void answerStreamWith(int status) {
        streamAnswer = new Answer(status, "");
    }

    void answerIntrospectionWith(int status, String body) {
        introspection = new Answer(status, body);
    }

    /** What each further stream begins with. */
    void greetWith(String events) {
        greeting = events;
    }

    /** Answers nothing any more, but accepts requests. */
    void hang() {
        isHanging = true;
    }

    int fetches() {
        return fetches.get();
    }

    List<String> introspected() {
        return introspected;
    }

    List<Stream> streams() {
        return streams;
    }

    /** Waits for the stream of this number, counted from 1. */
    Stream stream(int number) {
        Poll.until("stream " + number, () -> streams.size() >= number);
        return streams.get(number - 1);
    }

    private void answerKeys(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        hangOr(() -> {
            Answer answer = keysAnswer;
            exchange.getResponseHeaders().set("Cache-Control", "public, max-age=300");
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            boolean isPlain = answer.status() == 200 && answer.body().isEmpty();
            send(exchange, answer.status(), isPlain ? JsonUtil.toJson(Map.of("keys", keys)) : answer.body());
        });
    }

    private void answerIntrospection(HttpExchange exchange) throws IOException {
        introspected.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        hangOr(() -> send(exchange, introspection.status(), introspection.body()));
    }

    private void answerStream(HttpExchange exchange) throws IOException {
        if (streamAnswer.status() != 200) {
            streams.add(new Stream(exchange));
            send(exchange, streamAnswer.status(), "");
            return;
        }
        hangOr(() -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            Stream stream = new Stream(exchange);
            stream.send(greeting);
            streams.add(stream);
        });
    }

    private interface Sending {
        void run() throws IOException;
    }

    private void hangOr(Sending sending) throws IOException {
        try {
            if (isHanging && closed.await(1, TimeUnit.MINUTES)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        sending.run();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        streams.forEach(Stream::cut);
        server.stop(0);
        threads.shutdownNow();
    }

    /** An open stream of revocations. */
    static final class Stream {
        private final HttpExchange exchange;

        private Stream(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Nullable
        String header(String name) {
            return exchange.getRequestHeaders().getFirst(name);
        }

        /** Sends text as it is. */
        synchronized void send(String text) {
            try {
                exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void beat(Instant completeUntil) {
            send(Events.beat(completeUntil));
        }

        /** Closes the connection in the middle of the answer. */
        void cut() {
            exchange.close();
        }
    }
}
