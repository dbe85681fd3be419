package dev.roster.http.protocol;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests where Jetty is more lenient or stricter than the RFCs. It needs {@code UNSAFE_HOST_HEADER} and {@code
 * MISMATCHED_AUTHORITY} in Jetty's compliance:
 *
 * <ul>
 *   <li>The name of the protocol is in upper case (RFC 9112, section 2.3).
 *   <li>A {@code Host} is a host and perhaps a port, which may be empty (RFC 9110, section 7.2).
 *   <li>A target in absolute-form has a host too, and the {@code Host} header is ignored (RFC 9112, section 3.2.2).
 *   <li>HTTP/1.0 has no expectations (RFC 9110, section 10.1.1).
 * </ul>
 *
 * Not thread-safe.
 */
final class StrictConnection extends HttpConnection {
    // Set by the constructor of the super class: no initialiser.
    private @Nullable RequestHandler requests;

    StrictConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    @Override
    protected RequestHandler newRequestHandler() {
        requests = new StrictRequests();
        return requests;
    }

    @Override
    protected HttpParser newHttpParser(HttpCompliance compliance) {
        HttpConfiguration http = getHttpConfiguration();
        HttpParser parser = new StrictParser(Objects.requireNonNull(requests), http.getRequestHeaderSize(), compliance);
        parser.setHeaderCacheSize(http.getHeaderCacheSize());
        parser.setHeaderCacheCaseSensitive(http.isHeaderCacheCaseSensitive());
        return parser;
    }

    static HttpException.RuntimeException refusal(String reason) {
        return new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, reason);
    }

    private final class StrictRequests extends RequestHandler {
        private static final Pattern ABSOLUTE_FORM =
                Pattern.compile("https?://([^/?#]*).*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

        private boolean isHttp10;

        /** A well-formed host, which most clients repeat. */
        private @Nullable String known;

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            isHttp10 = version == HttpVersion.HTTP_1_0;
            if (!uri.startsWith("/") && !uri.equals("*") && !method.equals("CONNECT")) {
                Matcher absolute = ABSOLUTE_FORM.matcher(uri);
                if (!absolute.matches() || Authority.parse(absolute.group(1)) == null) {
                    throw refusal("Bad target");
                }
            }
            super.startRequest(method, uri, version);
        }

        @Override
        public void parsedHeader(HttpField field) {
            if (field.getHeader() == HttpHeader.HOST) {
                super.parsedHeader(checked(field));
            } else if (field.getHeader() != HttpHeader.EXPECT || !isHttp10) {
                super.parsedHeader(field);
            }
        }

        private HttpField checked(HttpField field) {
            String value = field.getValue();
            // Jetty refuses an empty host, unless the target has one.
            if (value == null || value.isEmpty() || value.equals(known)) {
                return field;
            }
            Authority authority = Authority.parse(value);
            if (authority == null) {
                throw refusal("Bad host");
            }
            if (value.endsWith(":")) {
                return new HostPortHttpField(authority.toString());
            }
            known = value;
            return field;
        }
    }
}
