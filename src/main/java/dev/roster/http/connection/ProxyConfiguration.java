package dev.roster.http.connection;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.function.Predicate;
import org.eclipse.jetty.util.InetAddressSet;
import org.jspecify.annotations.Nullable;

/** The {@code proxies} section of the configuration: the proxies that may set the address of the client. */
public final class ProxyConfiguration {
    private final @Nullable InetAddressSet trusted;

    @NotNull
    @Pattern(
            regexp = "X-Forwarded-For|Forwarded",
            flags = Pattern.Flag.CASE_INSENSITIVE,
            message = "must be X-Forwarded-For or Forwarded")
    private final String header;

    /**
     * @param trusted addresses and networks ({@code 10.0.0.0/8}), separated by commas
     * @param header the header with the address. No other header is read: a proxy that writes this header may forward a
     *     forged other header.
     */
    @JsonCreator
    public ProxyConfiguration(@JsonProperty("trusted") String trusted, @JsonProperty("header") String header) {
        this.trusted = parse(trusted);
        this.header = header;
    }

    private static @Nullable InetAddressSet parse(@Nullable String text) {
        InetAddressSet set = new InetAddressSet();
        try {
            Arrays.stream(String.valueOf(text).split(","))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .forEach(item -> {
                        if (IpAddress.parse(item.replaceFirst("/[0-9]{1,3}$", "")) == null) {
                            throw new IllegalArgumentException();
                        }
                        set.add(item);
                    });
            return set;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @JsonIgnore
    @ValidationMethod(
            message = "(TRUSTED_PROXIES) must be addresses or networks such as 10.0.0.0/8, separated by commas")
    public boolean isTrustedReadable() {
        return trusted != null;
    }

    Predicate<InetAddress> trusted() {
        InetAddressSet set = trusted == null ? new InetAddressSet() : trusted;
        return set;
    }

    String header() {
        return header;
    }
}
