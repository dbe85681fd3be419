package dev.roster.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;

/** Gives every answer its id and the headers that keep it from being guessed at or stored. */
public final class ResponseHeadersFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String requestId = RequestId.of(request.getHeader(RequestId.HEADER));
        request.setAttribute(RequestId.NAME, requestId);
        response.setHeader(RequestId.HEADER, requestId);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        MDC.put(RequestId.NAME, requestId);
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(RequestId.NAME);
        }
    }
}
