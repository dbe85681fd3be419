package dev.roster.http.connection;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes slow and surplus connections, a few times a second (ASVS 13.1.2).
 *
 * <p>Jetty's timeouts restart with every byte, so a client could hold an exchange open by sending or reading one byte
 * now and then. Here an exchange has one deadline, from the first byte of the request to the last byte of the answer. A
 * body must arrive a second earlier ({@link BufferingHandler}), which leaves time for an answer.
 *
 * <p>If there are too many connections, or too many that hold memory, the ones that have waited longest are closed,
 * idle ones first. New clients are always served, and a client that only holds connections loses them.
 *
 * <p>A {@linkplain BufferingHandler#stream stream} has no deadline, and makes room for nobody: its caller is known. But
 * each of its writes must be taken within the time of an exchange, so the stream of a client that does not read ends.
 *
 * <p>Such connections are reset: otherwise the kernel would keep the unread part of their answers for minutes.
 */
public final class Connections implements Runnable {
    public static final Duration INTERVAL = Duration.ofMillis(250);

    /** Requests whose body is still arriving. Each holds up to 16 KiB. */
    private static final int MAX_BODIES = 2_048;

    /** Answers that exceed the kernel's send buffer and are not read. {@link UnreadAnswers} bounds what they hold. */
    private static final int MAX_UNREAD = 256;

    private static final Logger LOGGER = LoggerFactory.getLogger(Connections.class);

    private final Server server;
    private final int maximum;
    private final Duration exchangeTimeout;
    private final EndedConnections ended;
    private Map<EndPoint, Idle> idle = Map.of();

    public Connections(
            Server server,
            ConnectionConfiguration configuration,
            EndedConnections ended,
            PrometheusRegistry prometheus) {
        this.server = server;
        this.maximum = configuration.maximum();
        this.exchangeTimeout = configuration.exchangeTimeout().toJavaDuration();
        this.ended = ended;
        GaugeWithCallback.builder()
                .name("roster_connections")
                .help("Open connections, by port.")
                .labelNames("port")
                .callback(gauge -> {
                    for (Connector connector : server.getConnectors()) {
                        gauge.call(connector.getConnectedEndPoints().size(), isApi(connector) ? "api" : "admin");
                    }
                })
                .register(prometheus);
    }

    /** Whether this is the port of the API. Dropwizard names its connectors "application" and "admin". */
    public static boolean isApi(Connector connector) {
        return "application".equals(connector.getName());
    }

    @Override
    public void run() {
        try {
            Map<EndPoint, Idle> stillIdle = new HashMap<>();
            for (Connector connector : server.getConnectors()) {
                if (connector instanceof ResettingConnector resetting) {
                    resetting.resetOldSockets();
                }
                endLate(connector.getConnectedEndPoints());
                Collection<EndPoint> endPoints = connector.getConnectedEndPoints();
                endPoints.stream()
                        .filter(endPoint -> exchangeAge(endPoint).isZero())
                        .forEach(endPoint -> stillIdle.put(endPoint, Idle.of(endPoint, idle.get(endPoint))));
                endIdle(endPoints, stillIdle, Duration.ofMillis(connector.getIdleTimeout()));
                endTooMany(endPoints.stream().filter(Connections::isSendingBody), MAX_BODIES);
                endTooMany(endPoints.stream().filter(Connections::hasUnreadAnswer), MAX_UNREAD);
                endTooMany(endPoints.stream(), maximum);
            }
            idle = stillIdle;
        } catch (RuntimeException e) {
            LOGGER.error("Closing slow and surplus connections failed; the next run tries again", e);
        }
    }

    private void endLate(Collection<EndPoint> endPoints) {
        for (EndPoint endPoint : endPoints) {
            StreamedWrites stream = stream(endPoint);
            Duration age = stream == null ? exchangeAge(endPoint) : stream.age();
            if (age.compareTo(exchangeTimeout) >= 0) {
                ended.resetLate(endPoint);
            }
        }
    }

    /** Jetty closes silent connections, but not those on which blank lines arrive before a request. */
    private void endIdle(Collection<EndPoint> endPoints, Map<EndPoint, Idle> stillIdle, Duration idleTimeout) {
        for (EndPoint endPoint : endPoints) {
            Idle since = stillIdle.get(endPoint);
            if (since != null && since.time().compareTo(idleTimeout) >= 0) {
                ended.closeIdle(endPoint);
            }
        }
    }

    private void endTooMany(Stream<EndPoint> endPoints, int limit) {
        List<Waiting> waiting = endPoints
                .filter(endPoint -> stream(endPoint) == null)
                .map(this::waiting)
                .toList();
        if (waiting.size() > limit) {
            waiting.stream()
                    .sorted(Comparator.comparing(Waiting::inExchange)
                            .thenComparing(Waiting::time, Comparator.reverseOrder()))
                    .limit(waiting.size() - limit)
                    .forEach(longest -> ended.displace(longest.endPoint()));
        }
    }

    private static @Nullable StreamedWrites stream(EndPoint endPoint) {
        return endPoint instanceof ResettingConnector.Resettable connection ? connection.stream() : null;
    }

    private static boolean isSendingBody(EndPoint endPoint) {
        return endPoint.getConnection() instanceof HttpConnection connection
                && connection.getParser().inContentState();
    }

    private static boolean hasUnreadAnswer(EndPoint endPoint) {
        return endPoint instanceof AbstractEndPoint known
                && known.getWriteFlusher().isPending();
    }

    /** Zero if there is no exchange. */
    private static Duration exchangeAge(EndPoint endPoint) {
        if (!(endPoint.getConnection() instanceof HttpConnection connection)) {
            return Duration.ZERO;
        }
        HttpParser parser = connection.getParser();
        // Read the state first: its begin time is set before it.
        HttpParser.State state = parser.getState();
        long begin = parser.getBeginNanoTime();
        return state == HttpParser.State.START || begin == 0
                ? Duration.ZERO
                : Duration.ofNanos(System.nanoTime() - begin);
    }

    private Waiting waiting(EndPoint endPoint) {
        Duration exchange = exchangeAge(endPoint);
        Idle since = idle.get(endPoint);
        return exchange.isZero()
                ? new Waiting(endPoint, false, since == null ? Duration.ZERO : since.time())
                : new Waiting(endPoint, true, exchange);
    }

    /** How long a connection has been idle or in an exchange. */
    private record Waiting(EndPoint endPoint, boolean inExchange, Duration time) {}

    /**
     * The time since a connection started its latest request.
     *
     * @param requests the number of requests started by then
     */
    private record Idle(long requests, long sinceNanos) {
        static Idle of(EndPoint endPoint, @Nullable Idle before) {
            long requests = endPoint.getConnection() == null
                    ? 0
                    : endPoint.getConnection().getMessagesIn();
            return before != null && before.requests == requests ? before : new Idle(requests, System.nanoTime());
        }

        Duration time() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
    }
}
