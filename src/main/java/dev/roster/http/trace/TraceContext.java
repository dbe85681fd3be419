package dev.roster.http.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The span of a request (W3C Trace Context, level 2). With OpenTelemetry's agent it is the agent's span. Otherwise it
 * is a new span, which is only logged and returned: in the client's trace if it sent one well-formed {@code
 * traceparent}, or in a new trace.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param flags two hexadecimal digits; bit 01: sampled, bit 02: the trace id is random
 */
public record TraceContext(String traceId, String spanId, String flags) {
    public static final String REQUEST_HEADER = "traceparent";

    /** From the W3C's draft of a response header. */
    public static final String RESPONSE_HEADER = "traceresponse";

    private static final TextMapGetter<String> HEADER = (header, name) -> name.equals(REQUEST_HEADER) ? header : null;

    private static final int KNOWN_FLAGS = 0x03;
    private static final int RANDOM = 0x02;

    /** @param headers all {@code traceparent} values; more than one count as none */
    public static TraceContext of(List<String> headers) {
        SpanContext agent = Span.current().getSpanContext();
        if (agent.isValid()) {
            return new TraceContext(
                    agent.getTraceId(), agent.getSpanId(), agent.getTraceFlags().asHex());
        }
        SpanContext parent = parent(headers.size() == 1 ? headers.get(0) : null);
        return parent.isValid()
                ? new TraceContext(
                        parent.getTraceId(),
                        newSpanId(),
                        flags(parent.getTraceFlags().asByte()))
                : new TraceContext(newTraceId(), newSpanId(), flags(RANDOM));
    }

    public String response() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    private static SpanContext parent(@Nullable String header) {
        Context extracted = W3CTraceContextPropagator.getInstance().extract(Context.root(), header, HEADER);
        return Span.fromContext(extracted).getSpanContext();
    }

    private static String flags(int flags) {
        return "0" + (flags & KNOWN_FLAGS);
    }

    private static String newTraceId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return TraceId.fromLongs(random.nextLong(), 1 + random.nextLong(Long.MAX_VALUE)); // never all zeros
    }

    private static String newSpanId() {
        return SpanId.fromLong(1 + ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
    }
}
