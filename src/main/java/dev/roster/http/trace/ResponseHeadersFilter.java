package dev.roster.http.trace;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.slf4j.MDC;

/** Adds the request id, the trace, and headers against content sniffing and caching to every answer. */
public final class ResponseHeadersFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String requestId = RequestId.of(request.getHeader(RequestId.HEADER));
        request.setAttribute(RequestId.NAME, requestId);
        response.setHeader(RequestId.HEADER, requestId);
        TraceContext trace = TraceContext.of(Collections.list(request.getHeaders(TraceContext.REQUEST_HEADER)));
        request.setAttribute(RequestNotes.TRACE_ID, trace.traceId());
        request.setAttribute(RequestNotes.SPAN_ID, trace.spanId());
        request.setAttribute(TraceContext.RESPONSE_HEADER, trace.response());
        response.setHeader(TraceContext.RESPONSE_HEADER, trace.response());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        MDC.put(RequestId.NAME, requestId);
        MDC.put(RequestNotes.TRACE_ID, trace.traceId());
        MDC.put(RequestNotes.SPAN_ID, trace.spanId());
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(RequestId.NAME);
            MDC.remove(RequestNotes.TRACE_ID);
            MDC.remove(RequestNotes.SPAN_ID);
        }
    }
}
