package dev.roster.http.trace;

import dev.roster.database.pool.PoolClient;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.slf4j.MDC;

/**
 * What a thread knows of the request that it handles: the log context, the client that waits for the database, and the
 * trace of OpenTelemetry's agent, which does not follow a request to another thread.
 */
public final class RequestContext {
    private final Map<String, String> log;
    private final PoolClient client;
    private final Context trace;

    private RequestContext(Map<String, String> log, PoolClient client, Context trace) {
        this.log = log;
        this.client = client;
        this.trace = trace;
    }

    /** The context of the calling thread. */
    public static RequestContext current() {
        return new RequestContext(
                Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of()),
                PoolClient.current(),
                Context.current());
    }

    /** Gives the work this context on whatever thread it runs. */
    public <T> Callable<T> wrap(Callable<T> work) {
        return trace.wrap(() -> {
            enter();
            try {
                return work.call();
            } finally {
                leave();
            }
        });
    }

    /** The same for work without a result. */
    public Runnable wrap(Runnable work) {
        return trace.wrap(() -> {
            enter();
            try {
                work.run();
            } finally {
                leave();
            }
        });
    }

    private void enter() {
        MDC.setContextMap(log);
        client.enter();
    }

    private static void leave() {
        MDC.clear();
        PoolClient.leave();
    }
}
