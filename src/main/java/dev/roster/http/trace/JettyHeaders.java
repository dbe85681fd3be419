package dev.roster.http.trace;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** The headers of every answer, for those that are made before {@link ResponseHeadersFilter}. */
public final class JettyHeaders {
    private JettyHeaders() {}

    /**
     * Adds the request id, the trace, and headers against content sniffing and caching.
     *
     * @return the request id
     */
    public static String put(Request request, Response response) {
        String requestId = requestId(request);
        response.getHeaders().put(RequestId.HEADER, requestId);
        response.getHeaders().put(TraceContext.RESPONSE_HEADER, trace(request));
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        return requestId;
    }

    /** The id from {@code ResponseHeadersFilter}, or a new one if the request did not get there. */
    private static String requestId(Request request) {
        Object known = request.getAttribute(RequestId.NAME);
        String requestId = known == null ? RequestId.of(request.getHeaders().get(RequestId.HEADER)) : known.toString();
        request.setAttribute(RequestId.NAME, requestId);
        return requestId;
    }

    private static String trace(Request request) {
        Object known = request.getAttribute(TraceContext.RESPONSE_HEADER);
        if (known != null) {
            return known.toString();
        }
        TraceContext trace = TraceContext.of(request.getHeaders().getValuesList(TraceContext.REQUEST_HEADER));
        request.setAttribute(RequestNotes.TRACE_ID, trace.traceId());
        request.setAttribute(RequestNotes.SPAN_ID, trace.spanId());
        return trace.response();
    }
}
