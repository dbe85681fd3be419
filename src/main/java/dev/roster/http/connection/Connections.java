package dev.roster.http.connection;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
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
 * Ends, a few times a second, the exchanges that take too long, and connections where there are too many (ASVS 13.1.2).
 *
 * <p>Jetty's own timeouts start anew with every byte, so a client that sends or takes one now and then could go on for
 * ever. An exchange has one limit here, from the first byte of the request to the last of the answer: for a header, an
 * answer that is not taken, a client that does not close what is at its end. A body has a second less ({@link
 * BufferingHandler}), so that it can still be answered.
 *
 * <p>Of too many connections, or too many of a kind that takes memory, the ones that wait longest make way, and idle ones
 * before others: so a newcomer is always served, and who only holds connections loses them. Good clients' own exchanges are
 * the youngest.
 */
public final class Connections implements Runnable {
    public static final Duration INTERVAL = Duration.ofMillis(250);

    /** Requests of which a part of the body is in memory: 16 KiB each. */
    private static final int MAX_BODIES = 2_048;

    /** Answers in memory that are larger than what the kernel takes: 300 KiB each, where somebody made them large. */
    private static final int MAX_UNTAKEN = 256;

    private static final Logger LOGGER = LoggerFactory.getLogger(Connections.class);

    private final Server server;
    private final int maximum;
    private final Duration exchangeTimeout;
    private final Counter late;
    private final Counter displaced;
    private Map<EndPoint, Idle> idle = Map.of();

    public Connections(Server server, ConnectionConfiguration configuration, MetricRegistry metrics) {
        this.server = server;
        this.maximum = configuration.maximum();
        this.exchangeTimeout = configuration.exchangeTimeout().toJavaDuration();
        this.late = metrics.counter("roster.connections.late");
        this.displaced = metrics.counter("roster.connections.displaced");
        for (Connector connector : server.getConnectors()) {
            metrics.register("roster.connections.open." + (isApi(connector) ? "api" : "admin"), (Gauge<Integer>)
                    () -> connector.getConnectedEndPoints().size());
        }
    }

    /** Whether clients of the API connect here. Dropwizard names its two connectors "application" and "admin". */
    public static boolean isApi(Connector connector) {
        return "application".equals(connector.getName());
    }

    @Override
    public void run() {
        try {
            Map<EndPoint, Idle> stillIdle = new HashMap<>();
            for (Connector connector : server.getConnectors()) {
                endLate(connector.getConnectedEndPoints());
                Collection<EndPoint> endPoints = connector.getConnectedEndPoints();
                endPoints.stream()
                        .filter(endPoint -> exchangeAge(endPoint).isZero())
                        .forEach(endPoint -> stillIdle.put(endPoint, Idle.of(endPoint, idle.get(endPoint))));
                endIdle(endPoints, stillIdle, Duration.ofMillis(connector.getIdleTimeout()));
                endTooMany(endPoints.stream().filter(Connections::isSendingBody), MAX_BODIES);
                endTooMany(endPoints.stream().filter(Connections::hasUntakenAnswer), MAX_UNTAKEN);
                endTooMany(endPoints.stream(), maximum);
            }
            idle = stillIdle;
        } catch (RuntimeException e) {
            LOGGER.error("Connections are not looked after", e); // and the next time is worth a try
        }
    }

    private void endLate(Collection<EndPoint> endPoints) {
        for (EndPoint endPoint : endPoints) {
            if (exchangeAge(endPoint).compareTo(exchangeTimeout) >= 0) {
                endPoint.close();
                late.inc();
            }
        }
    }

    /** Jetty ends those on which nothing comes. But blank lines may stand before a request, and could come for ever. */
    private void endIdle(Collection<EndPoint> endPoints, Map<EndPoint, Idle> stillIdle, Duration idleTimeout) {
        for (EndPoint endPoint : endPoints) {
            Idle since = stillIdle.get(endPoint);
            if (since != null && since.time().compareTo(idleTimeout) >= 0) {
                endPoint.close();
                late.inc();
            }
        }
    }

    private void endTooMany(Stream<EndPoint> endPoints, int limit) {
        List<Waiting> waiting = endPoints.map(this::waiting).toList();
        if (waiting.size() > limit) {
            waiting.stream()
                    .sorted(Comparator.comparing(Waiting::inExchange)
                            .thenComparing(Waiting::time, Comparator.reverseOrder()))
                    .limit(waiting.size() - limit)
                    .forEach(longest -> longest.endPoint().close());
            displaced.inc(waiting.size() - limit);
        }
    }

    private static boolean isSendingBody(EndPoint endPoint) {
        return endPoint.getConnection() instanceof HttpConnection connection
                && connection.getParser().inContentState();
    }

    private static boolean hasUntakenAnswer(EndPoint endPoint) {
        return endPoint instanceof AbstractEndPoint known
                && known.getWriteFlusher().isPending();
    }

    /** Zero where there is no exchange. */
    private static Duration exchangeAge(EndPoint endPoint) {
        if (!(endPoint.getConnection() instanceof HttpConnection connection)) {
            return Duration.ZERO;
        }
        HttpParser parser = connection.getParser();
        // In this order: once there is a state, there is its beginning too.
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

    /** What a connection waits for at this moment, and for how long it has. */
    private record Waiting(EndPoint endPoint, boolean inExchange, Duration time) {}

    /**
     * Since when a connection has begun no other request.
     *
     * @param requests how many it had begun then
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
