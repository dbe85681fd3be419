package dev.roster.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
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
 * Gives each request the address of its client: of whoever opened the connection, or, where that is a proxy of ours, of
 * whom the proxy says it was. Read from the right, where our own proxies write, up to the first address that is no proxy
 * of ours: what stands left of it anybody can have written. Thread-safe.
 */
public final class ClientAddress implements HttpConfiguration.Customizer {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClientAddress.class);

    // RFC 7239, section 4: pairs parted by semicolons, values with or without quotes.
    private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)[ \\t]*for=\"?([^;\"]*)");
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]*\\]|[0-9.]+):[0-9]{1,5}");

    private final Predicate<InetAddress> proxies;
    private final String header;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    public ClientAddress(ProxyConfiguration configuration) {
        this.proxies = configuration.trusted();
        this.header = configuration.header();
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
        String[] forwarded =
                String.join(",", values).split(",", -1); // a quote that a client has left open ends here, too
        InetAddress client = peer;
        for (int i = forwarded.length - 1; i >= 0 && proxies.test(client); i--) {
            InetAddress before = parse(forwarded[i].strip());
            if (before == null) {
                break; // not told, or told by nobody whom we know
            }
            client = before;
        }
        return client;
    }

    private @Nullable InetAddress parse(String element) {
        String node = element;
        if (header.toLowerCase(Locale.ROOT).equals("forwarded")) {
            Matcher pair = FOR.matcher(element);
            node = pair.find() ? pair.group(1).strip() : "";
        }
        Matcher withPort = WITH_PORT.matcher(node);
        return IpAddress.parse(withPort.matches() ? withPort.group(1) : node);
    }

    private void warnOnce(InetAddress peer) {
        if (!hasWarned.getAndSet(true)) {
            LOGGER.warn(
                    "{} sends {}, which is not read, since it is none of TRUSTED_PROXIES: where it is a proxy, all its"
                            + " clients count as one",
                    peer.getHostAddress(),
                    header);
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
