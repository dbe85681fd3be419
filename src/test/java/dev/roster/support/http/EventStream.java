package dev.roster.support.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of the stream of revocations. Reads in a thread of its own. Thread-safe. */
public final class EventStream implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    private final HttpResponse<InputStream> response;
    private final List<Event> events = new ArrayList<>(); // guarded by itself
    private boolean isOver; // guarded by events

    private EventStream(HttpResponse<InputStream> response) {
        this.response = response;
        Thread reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens a stream with this API key. */
    public static EventStream open(URI base, String key) {
        return open(base, key, null);
    }

    /** @param lastEventId where the client's last stream ended; null if it has had none */
    public static EventStream open(URI base, String key, @Nullable String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1/revocations"))
                .timeout(PATIENCE)
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + key);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return new EventStream(CLIENT.send(request.build(), BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new IllegalStateException("No answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String name = "";
            String id = "";
            StringBuilder data = new StringBuilder();
            for (String line; (line = lines.readLine()) != null; ) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data.append(line, 6, line.length()).append('\n');
                } else if (line.isEmpty() && data.length() > 0) {
                    add(new Event(name, id, json(data.toString()), System.nanoTime()));
                    data.setLength(0);
                }
            }
        } catch (IOException e) {
            // the stream was reset, or this client has left
        } finally {
            synchronized (events) {
                isOver = true;
                events.notifyAll();
            }
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("Not JSON: " + text, e);
        }
    }

    private void add(Event event) {
        synchronized (events) {
            events.add(event);
            events.notifyAll();
        }
    }

    public int status() {
        return response.statusCode();
    }

    public HttpHeaders headers() {
        return response.headers();
    }

    /** The events that have arrived. */
    public List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** Whether the service has ended the stream. */
    public boolean isOver() {
        synchronized (events) {
            return isOver;
        }
    }

    /** Returns the first event with this name, and waits for it. */
    public Event await(String name) {
        return await(name, event -> true);
    }

    /** Returns the first event with this name that satisfies the condition, and waits for it. */
    public Event await(String name, Predicate<Event> condition) {
        return awaitAfter(-1, name, condition);
    }

    /** The same, among those that have not arrived yet. */
    public Event awaitNext(String name) {
        return awaitAfter(System.nanoTime(), name, event -> true);
    }

    private Event awaitAfter(long nanos, String name, Predicate<Event> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (events) {
            int seen = 0;
            while (true) {
                for (; seen < events.size(); seen++) {
                    Event event = events.get(seen);
                    if (event.name().equals(name)
                            && (nanos == -1 || event.nanos() - nanos > 0)
                            && condition.test(event)) {
                        return event;
                    }
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || isOver) {
                    throw new AssertionError((isOver ? "The stream has ended before " : "Not in time: ") + name);
                }
                waitFor(left);
            }
        }
    }

    /** Waits until the service has ended the stream. */
    public void awaitEnd() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (events) {
            while (!isOver) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("The stream does not end");
                }
                waitFor(left);
            }
        }
    }

    private void waitFor(long nanos) {
        try {
            events.wait(Math.max(1, nanos / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            // it has ended already
        }
    }

    /**
     * An event.
     *
     * @param nanos when it arrived, as of {@link System#nanoTime}
     */
    public record Event(String name, String id, JsonNode data, long nanos) {
        /** Whether this event, or the snapshot that it is, revokes this id. */
        public boolean revokes(Object revokedId) {
            String text = revokedId.toString();
            if (!name.equals("snapshot")) {
                return data.path("id").asText().equals(text);
            }
            for (JsonNode each : data.path("revoked")) {
                if (each.path("id").asText().equals(text)) {
                    return true;
                }
            }
            return false;
        }
    }
}
