package dev.roster.http.trace;

import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/**
 * Logs requests without their query strings. Those may contain names, addresses and pasted tokens, and a malformed one
 * would keep its request out of the log. Thread-safe if the underlying log is.
 */
public final class PathRequestLog implements RequestLog {
    private final RequestLog log;

    public PathRequestLog(RequestLog log) {
        this.log = log;
    }

    @Override
    public void log(Request request, Response response) {
        log.log(new WithoutQuery(request), response);
    }

    private static final class WithoutQuery extends Request.Wrapper {
        WithoutQuery(Request request) {
            super(request);
        }

        @Override
        public HttpURI getHttpURI() {
            return HttpURI.build(super.getHttpURI()).query(null).asImmutable();
        }
    }
}
