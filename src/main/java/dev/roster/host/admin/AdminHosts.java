package dev.roster.host.admin;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.validation.ValidationMethod;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The host names under which the admin port answers. A web page can make its own name lead to an operator's machine
 * (DNS rebinding), and the browser then takes the admin port for the page's server. So only names are served that no
 * web page can have: IP addresses, names without a dot (such as {@code localhost} or a container's name), and the names
 * that the operator lists. Thread-safe.
 */
public final class AdminHosts {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?");
    private static final Pattern ALWAYS_SERVED = Pattern.compile("\\[.*]|[0-9]{1,3}(\\.[0-9]{1,3}){3}|[^.]*");

    private final Set<String> names;

    /** @param list names separated by commas; blank for none */
    @JsonCreator
    public AdminHosts(String list) {
        this.names = list.isBlank()
                ? Set.of()
                : Arrays.stream(list.split(",", -1)).map(AdminHosts::normal).collect(Collectors.toUnmodifiableSet());
    }

    @JsonIgnore
    @ValidationMethod(
            message = "(ADMIN_HOSTS) must be host names without ports, separated by commas, such as"
                    + " roster.internal,admin.example.org")
    public boolean isWellFormed() {
        return names.stream().allMatch(name -> NAME.matcher(name).matches());
    }

    /** @param host the host of a request, without a port */
    boolean contain(String host) {
        return ALWAYS_SERVED.matcher(host).matches() || names.contains(normal(host));
    }

    private static String normal(String host) {
        return host.strip().toLowerCase(Locale.ROOT);
    }
}
