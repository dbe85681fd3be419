package dev.roster.http.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.http.cors.AllowedOrigins;
import dev.roster.http.trace.JettyHeaders;
import dev.roster.http.trace.RequestNotes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers errors that Jetty raises before Jersey sees the request (400, 414, 421, 431, 505, …) with problems. */
public final class JettyErrorHandler extends ErrorHandler {
    private final ObjectMapper json;
    private final AllowedOrigins origins;

    /**
     * @param json writes the problems
     * @param origins the origins whose scripts may read them
     */
    public JettyErrorHandler(ObjectMapper json, AllowedOrigins origins) {
        this.json = json;
        this.origins = origins;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback)
            throws IOException {
        String requestId = JettyHeaders.put(request, response);
        int status = code == HttpStatus.UPGRADE_REQUIRED_426 ? HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 : code;
        ProblemType type = ProblemType.ofStatus(status);
        request.setAttribute(RequestNotes.PROBLEM, type.id());
        Problem problem =
                new Problem(type, type.title(), status, detail(status, type), path(request), requestId, List.of());
        response.setStatus(status);
        origins.headers(request.getHeaders().get(HttpHeader.ORIGIN)).forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        if (!request.getConnectionMetaData().isPersistent()) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        response.write(true, ByteBuffer.wrap(json.writeValueAsBytes(problem)), callback);
    }

    private static String detail(int code, ProblemType type) {
        return switch (code) {
            case 421 -> "This host is not served here.";
            case 414 -> "The request line is too long.";
            case 431 -> "The request header is too large.";
            case 505 -> "Only HTTP/1.0 and HTTP/1.1 are supported.";
            default -> type.title() + ".";
        };
    }

    // Jetty gives a malformed request a path of its own.
    private static @Nullable String path(Request request) {
        String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
        return "/badMessage".equals(path) ? null : path;
    }
}
