package dev.roster.http.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.validation.ValidationMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that clients may address on the API port; all if none is listed. A web page that lets its own host name
 * resolve to this service (DNS rebinding) addresses a host that is not listed. Thread-safe.
 */
public final class AllowedHosts {
    /** Clients leave them out. */
    private static final Set<Integer> DEFAULT_PORTS = Set.of(80, 443);

    private final List<@Nullable Authority> hosts;

    /** @param list hosts, each with its port if only that one is allowed, separated by commas; blank to allow all */
    @JsonCreator
    public AllowedHosts(String list) {
        this.hosts = list.isBlank()
                ? List.of()
                : Arrays.stream(list.split(",", -1))
                        .map(String::strip)
                        .<@Nullable Authority>map(Authority::parse)
                        .toList();
    }

    @JsonIgnore
    @ValidationMethod(
            message = "(ALLOWED_HOSTS) must be host names or addresses, each with a port if only that one is allowed,"
                    + " separated by commas: roster.example.org,localhost:8000; * is not supported")
    public boolean isWellFormed() {
        return hosts.stream().noneMatch(host -> host == null || host.host().contains("*"));
    }

    /** Whether clients may address this host. A listed host without a port is allowed on every port. */
    boolean contain(@Nullable String authority) {
        if (hosts.isEmpty()) {
            return true;
        }
        Authority asked = authority == null ? null : Authority.parse(authority);
        return asked != null
                && hosts.stream()
                        .filter(Objects::nonNull)
                        .anyMatch(host -> host.host().equals(asked.host()) && isPort(host.port(), asked.port()));
    }

    private static boolean isPort(@Nullable Integer listed, @Nullable Integer asked) {
        return listed == null || (asked == null ? DEFAULT_PORTS.contains(listed) : listed.equals(asked));
    }
}
