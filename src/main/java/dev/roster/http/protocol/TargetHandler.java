package dev.roster.http.protocol;

import dev.roster.http.connection.Connections;
import dev.roster.http.trace.JettyHeaders;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Reads the target of each request: decodes unreserved characters in the path (RFC 3986, section 6.2.2.2). On the API
 * port it also refuses hosts that are not allowed (RFC 9110, section 15.5.20), and answers {@code OPTIONS *} (section
 * 9.3.7). Thread-safe.
 */
final class TargetHandler extends Handler.Wrapper {
    private final AllowedHosts hosts;

    TargetHandler(AllowedHosts hosts) {
        this.hosts = hosts;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HttpURI uri = request.getHttpURI();
        boolean isApi = Connections.isApi(request.getConnectionMetaData().getConnector());
        if (isApi && !hosts.contain(uri.getAuthority())) {
            Response.writeError(request, response, callback, HttpStatus.MISDIRECTED_REQUEST_421);
            return true;
        }
        String path = uri.getPath();
        if (isApi && "*".equals(path) && HttpMethod.OPTIONS.is(request.getMethod())) {
            JettyHeaders.put(request, response);
            response.getHeaders().put(HttpHeader.ALLOW, "DELETE, GET, HEAD, OPTIONS, POST, PUT");
            response.setStatus(HttpStatus.NO_CONTENT_204);
            callback.succeeded();
            return true;
        }
        return super.handle(
                path == null || path.indexOf('%') < 0 ? request : withPath(request, UnreservedCharacters.decode(path)),
                response,
                callback);
    }

    private static Request withPath(Request request, String path) {
        return path.equals(request.getHttpURI().getPath())
                ? request
                : Request.serveAs(
                        request, HttpURI.build(request.getHttpURI()).path(path).asImmutable());
    }
}
