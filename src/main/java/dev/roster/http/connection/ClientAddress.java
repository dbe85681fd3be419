package dev.roster.http.connection;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each request the address of its client. If the connection comes from a trusted proxy, the client's address is
 * in a header. The header is read right to left, up to the first address that is not trusted; anything further left may
 * be forged. Thread-safe.
 */
public final class ClientAddress implements HttpConfiguration.Customizer {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClientAddress.class);

    // RFC 7239, section 4: a name, its value (quoted values may contain any character), and the separator after it.
    private static final Pattern PAIR =
            Pattern.compile("\\G[ \\t,]*+([A-Za-z]+)=(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^ \\t;,\"]*+))[ \\t]*(;|,|\\z)");
    // Empty elements are skipped (RFC 9110, section 5.6.1.2).
    private static final CharMatcher BETWEEN_ELEMENTS = CharMatcher.anyOf(" \t,");
    private static final Splitter LIST = Splitter.on(',').trimResults().omitEmptyStrings();
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]*\\]|[0-9.]+):[0-9]{1,5}");

    private final Predicate<InetAddress> proxies;
    private final String header;
    private final boolean isForwarded;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    public ClientAddress(ProxyConfiguration configuration) {
        this.proxies = configuration.trusted();
        this.header = configuration.header();
        this.isForwarded = header.toLowerCase(Locale.ROOT).equals("forwarded");
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        List<String> values = request.getHeaders().getValuesList(header);
        if (values.isEmpty()
                || !(request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer)) {
            return request;
        }
        if (!proxies.test(peer.getAddress())) {
            warnOnce(peer.getAddress());
            return request;
        }
        return new Forwarded(request, new InetSocketAddress(client(peer.getAddress(), values), peer.getPort()));
    }

    private InetAddress client(InetAddress peer, List<String> values) {
        String addresses = String.join(",", values);
        List<String> nodes = isForwarded ? forwarded(addresses) : LIST.splitToList(addresses);
        InetAddress client = peer;
        for (int i = nodes.size() - 1; i >= 0 && proxies.test(client); i--) {
            InetAddress previous = parse(nodes.get(i));
            if (previous == null) {
                break; // hidden or malformed
            }
            client = previous;
        }
        return client;
    }

    /** The {@code for} value of each element; none if the header is malformed. */
    private static List<String> forwarded(String list) {
        String header = BETWEEN_ELEMENTS.trimTrailingFrom(list);
        List<String> nodes = new ArrayList<>();
        String node = "";
        Matcher pair = PAIR.matcher(header);
        int end = 0;
        while (end < header.length() && pair.find()) {
            if (pair.group(1).equalsIgnoreCase("for")) {
                node = pair.group(2) == null ? pair.group(3) : pair.group(2);
            }
            if (!pair.group(4).equals(";")) {
                nodes.add(node);
                node = "";
            }
            end = pair.end();
        }
        return end == header.length() ? nodes : List.of();
    }

    private static @Nullable InetAddress parse(String node) {
        Matcher withPort = WITH_PORT.matcher(node);
        return IpAddress.parse(withPort.matches() ? withPort.group(1) : node);
    }

    private void warnOnce(InetAddress peer) {
        if (!hasWarned.getAndSet(true)) {
            LOGGER.warn(
                    "Ignoring {} from {}: not in TRUSTED_PROXIES. If it is your proxy, all its clients count as one.",
                    header,
                    peer.getHostAddress());
        }
    }

    private static final class Forwarded extends Request.Wrapper {
        private final ConnectionMetaData connection;

        Forwarded(Request request, SocketAddress client) {
            super(request);
            this.connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                @Override
                public SocketAddress getRemoteSocketAddress() {
                    return client;
                }
            };
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }
    }
}
