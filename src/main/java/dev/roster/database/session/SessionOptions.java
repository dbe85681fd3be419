package dev.roster.database.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Collectors;

/**
 * The settings that a session states at its login, so that none depends on the machine, the server's configuration, or
 * {@code ALTER ROLE} and {@code ALTER DATABASE}. Immutable.
 *
 * <p>Left to the server are: {@code default_transaction_read_only} on connections that write, because an operator or a
 * provider sets it to stop writes (the health check reports it); {@code role}; and what only a superuser may state,
 * such as {@code lc_messages}, on which nothing depends. The driver itself states {@code client_encoding}.
 */
public final class SessionOptions {
    /** The values that the code needs. PostgreSQL 14 knows all of these settings. */
    private static final SessionOptions COMMON = new SessionOptions(Map.of())
            .with("search_path", "\"$user\",public") // currentSchema in the URL overrides it
            .with("DateStyle", "ISO,MDY")
            .with("IntervalStyle", "postgres")
            .with("bytea_output", "hex")
            .with("extra_float_digits", "1")
            .with("standard_conforming_strings", "on")
            .with("array_nulls", "on")
            .with("transform_null_equals", "off")
            .with("row_security", "on")
            .with("gin_fuzzy_search_limit", "0") // otherwise a search returns a random part of its hits
            .with("default_transaction_isolation", "read committed")
            .with("default_transaction_deferrable", "off")
            .with("synchronous_commit", "on") // a commit is on disk before it is acknowledged
            .with("client_min_messages", "notice") // a cancelled wait for a standby is a warning
            .with("plan_cache_mode", "auto")
            .with("statement_timeout", "0")
            .with("lock_timeout", "0")
            .with("idle_in_transaction_session_timeout", "0")
            .with("idle_session_timeout", "0") // pooled connections rest
            .with("exit_on_error", "off");

    private final Map<String, String> values;

    private SessionOptions(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** The settings of every session, without timeouts. */
    public static SessionOptions common() {
        return COMMON;
    }

    /**
     * Sets the JVM's default time zone to UTC. The driver states it as the session's zone, in a way that nothing in its
     * properties overrides, and PostgreSQL refuses the login if it does not know the zone.
     */
    public static void useUtc() {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }

    /** These settings, and this one instead of one of the same name. Durations without a unit are in milliseconds. */
    public SessionOptions with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new SessionOptions(more);
    }

    /** Like {@link #with(String, String)}. */
    public SessionOptions with(String name, long value) {
        return with(name, Long.toString(value));
    }

    /** The value of the driver's property {@code options}. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(option -> "-c " + option.getKey() + "=" + escape(option.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace(" ", "\\ ");
    }
}
