package dev.roster.support.database;

import java.util.List;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Settings of a role and of a database that differ from the defaults and change what sessions do. */
public final class HostileSettings {
    private static final TreeMap<String, String> SETTINGS = new TreeMap<>();

    static {
        SETTINGS.put("search_path", "nowhere");
        SETTINGS.put("DateStyle", "SQL, DMY");
        SETTINGS.put("IntervalStyle", "sql_standard");
        SETTINGS.put("TimeZone", "America/St_Johns");
        SETTINGS.put("client_encoding", "LATIN1");
        SETTINGS.put("lc_messages", "C");
        SETTINGS.put("bytea_output", "escape");
        SETTINGS.put("extra_float_digits", "-15");
        SETTINGS.put("standard_conforming_strings", "off");
        SETTINGS.put("array_nulls", "off");
        SETTINGS.put("transform_null_equals", "on");
        SETTINGS.put("row_security", "off");
        SETTINGS.put("gin_fuzzy_search_limit", "1");
        SETTINGS.put("default_transaction_isolation", "serializable");
        SETTINGS.put("default_transaction_deferrable", "on");
        SETTINGS.put("synchronous_commit", "off");
        SETTINGS.put("plan_cache_mode", "force_generic_plan");
        SETTINGS.put("enable_indexscan", "off");
        SETTINGS.put("enable_bitmapscan", "off");
        SETTINGS.put("statement_timeout", "1ms");
        SETTINGS.put("lock_timeout", "1ms");
        SETTINGS.put("idle_in_transaction_session_timeout", "1ms");
        SETTINGS.put("idle_session_timeout", "50ms");
        SETTINGS.put("client_min_messages", "error");
        SETTINGS.put("exit_on_error", "on");
    }

    private HostileSettings() {}

    /** Sets them for the database, and for its user in it. Later sessions that state nothing are hardly usable. */
    public static void apply(TestDatabase database) {
        try (Handle handle = database.jdbi().open()) {
            String name = handle.createQuery("SELECT current_database()")
                    .mapTo(String.class)
                    .one();
            for (String target : List.of("DATABASE " + name, "ROLE " + database.user() + " IN DATABASE " + name)) {
                SETTINGS.forEach((setting, value) ->
                        handle.execute("ALTER " + target + " SET " + setting + " = " + quoted(setting, value)));
            }
        }
    }

    /** A list would be one element in quotes. */
    private static String quoted(String setting, String value) {
        return setting.equals("DateStyle") ? value : "'" + value + "'";
    }
}
