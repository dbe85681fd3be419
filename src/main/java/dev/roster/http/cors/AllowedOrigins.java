package dev.roster.http.cors;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.validation.ValidationMethod;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The web origins (RFC 6454) whose scripts may call the API from a browser, and their CORS headers (Fetch Standard,
 * section 3.3). None by default. Origins are compared as strings, since browsers write each in one way only (ASVS
 * 3.4.2). Credentials are never allowed: there are no cookies, and scripts send tokens in a header. Thread-safe.
 */
public final class AllowedOrigins {
    /** No origin. */
    public static final AllowedOrigins NONE = new AllowedOrigins("");

    static final String HEADER = "Origin";

    /** The answer to a preflight request. The maximum age is in seconds. */
    static final Map<String, String> PREFLIGHT = Map.of(
            "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE",
            "Access-Control-Allow-Headers",
                    "Authorization, baggage, Consistency-Token, Content-Type, If-Match, If-Modified-Since,"
                            + " If-None-Match, If-Unmodified-Since, traceparent, tracestate, X-Request-Id",
            "Access-Control-Max-Age", "600");

    private static final Pattern ORIGIN = Pattern.compile("(?<scheme>[a-z][a-z0-9+.-]*)://"
            + "(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+])(?::(?<port>[1-9][0-9]{0,4}))?");
    private static final Map<String, String> DEFAULT_PORTS = Map.of("http", "80", "https", "443");
    private static final int MAX_PORT = 65_535;

    private static final String READABLE = "Consistency-Token, Consistency-Token-Lost, ETag, Link, Location, RateLimit,"
            + " RateLimit-Policy, Replica-Lag, Retry-After, traceresponse, WWW-Authenticate, X-Request-Id";

    private final Set<String> origins;

    /** @param list origins separated by commas; blank for none */
    @JsonCreator
    public AllowedOrigins(String list) {
        this.origins = list.isBlank()
                ? Set.of()
                : Arrays.stream(list.split(",", -1)).map(String::strip).collect(Collectors.toUnmodifiableSet());
    }

    @JsonIgnore
    @ValidationMethod(
            message = "(CORS_ORIGINS) must be origins as browsers send them, separated by commas: scheme://host[:port]"
                    + " in lower case, without a path or the default port, such as https://app.example.org; * is not"
                    + " supported")
    public boolean isWellFormed() {
        return origins.stream().allMatch(AllowedOrigins::isOrigin);
    }

    private static boolean isOrigin(String text) {
        Matcher origin = ORIGIN.matcher(text);
        if (!origin.matches()) {
            return false;
        }
        String port = origin.group("port");
        return port == null
                || (Integer.parseInt(port) <= MAX_PORT && !port.equals(DEFAULT_PORTS.get(origin.group("scheme"))));
    }

    public boolean contains(@Nullable String origin) {
        return origin != null && origins.contains(origin);
    }

    boolean isEmpty() {
        return origins.isEmpty();
    }

    /** The CORS headers of every answer to a request from this origin. */
    public Map<String, String> headers(@Nullable String origin) {
        if (origins.isEmpty()) {
            return Map.of();
        }
        return origin != null && origins.contains(origin)
                ? Map.of(
                        HttpHeaders.VARY,
                        HEADER,
                        "Access-Control-Allow-Origin",
                        origin,
                        "Access-Control-Expose-Headers",
                        READABLE)
                : Map.of(HttpHeaders.VARY, HEADER);
    }
}
