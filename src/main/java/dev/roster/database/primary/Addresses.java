package dev.roster.database.primary;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Splits a URL of several hosts into one for each, so that no connection tries one host after the other. Takes {@code
 * targetServerType} out: the driver asks for {@code transaction_read_only}, which is on in Roster's read-only sessions.
 */
public final class Addresses {
    private static final String PREFIX = "jdbc:postgresql://";
    private static final Pattern HOSTS = Pattern.compile(Pattern.quote(PREFIX) + "([^/?]*)(.*)");
    private static final Pattern TARGET = Pattern.compile("(?<=[?&])targetServerType=([^&]*)(&|$)");

    private Addresses() {}

    /** The URLs of the hosts, in their order. One that names no host is a single address. */
    public static List<String> of(String url) {
        String untargeted = TARGET.matcher(url).replaceAll("").replaceFirst("[?&]$", "");
        Matcher matcher = HOSTS.matcher(untargeted);
        return matcher.matches()
                ? Stream.of(matcher.group(1).split(",", -1))
                        .map(host -> PREFIX + host + matcher.group(2))
                        .distinct()
                        .toList()
                : List.of(untargeted);
    }

    /** Returns true if the URL demands the primary. */
    public static boolean demandPrimary(String url) {
        Matcher matcher = TARGET.matcher(url);
        return matcher.find() && matcher.group(1).matches("primary|master");
    }
}
