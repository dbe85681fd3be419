package dev.roster.http.connection;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.eclipse.jetty.io.EndPoint;

/** Ends connections, and counts why. Thread-safe. */
public final class EndedConnections {
    private final CounterDataPoint late;
    private final CounterDataPoint displaced;

    public EndedConnections(PrometheusRegistry prometheus) {
        Counter ended = Counter.builder()
                .name("roster_connections_ended")
                .help("Connections closed by the service: late, for slow exchanges, or displaced by other ones.")
                .labelNames("reason")
                .withoutExemplars()
                .register(prometheus);
        this.late = ended.labelValues("late");
        this.displaced = ended.labelValues("displaced");
    }

    /** Closes a connection without a request. */
    void closeIdle(EndPoint endPoint) {
        endPoint.close();
        late.inc();
    }

    /** Resets a connection whose exchange takes too long. */
    void resetLate(EndPoint endPoint) {
        reset(endPoint);
        late.inc();
    }

    /** Resets a connection to make room for others. */
    void displace(EndPoint endPoint) {
        reset(endPoint);
        displaced.inc();
    }

    private static void reset(EndPoint endPoint) {
        if (endPoint instanceof ResettingConnector.Resettable resettable) {
            resettable.closeWithReset();
        } else {
            endPoint.close();
        }
    }
}
