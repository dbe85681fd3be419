package dev.roster.fleet;

import dev.roster.support.Poll;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Where a transaction that writes a mail waits until its node is killed. The address of the mail decides. */
enum KillPoint {
    /** After the mail's row is written. The killed node sends no {@code COMMIT}, so PostgreSQL rolls back. */
    BEFORE_COMMIT("before-commit.", "CREATE TRIGGER", ""),
    /** PostgreSQL has received {@code COMMIT}, and completes it. Nobody gets an answer. */
    IN_COMMIT("in-commit.", "CREATE CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOCK = 4711;

    private final String prefix;
    private final String create;
    private final String options;

    KillPoint(String prefix, String create, String options) {
        this.prefix = prefix;
        this.create = create;
        this.options = options;
    }

    /** How the addresses of their mails begin. */
    static List<String> prefixes() {
        return Arrays.stream(values()).map(point -> point.prefix).toList();
    }

    /** Adds triggers with which transactions wait while somebody is in {@link #stop}. */
    static void addTo(Jdbi database) {
        database.useHandle(handle -> {
            handle.execute("""
                    CREATE FUNCTION wait_for_kill() RETURNS trigger LANGUAGE plpgsql AS '
                    BEGIN
                        PERFORM pg_advisory_xact_lock_shared(%d);
                        RETURN NULL;
                    END'
                    """.formatted(LOCK));
            for (KillPoint point : values()) {
                handle.execute("""
                        %s wait_%s AFTER INSERT ON mails %s FOR EACH ROW
                          WHEN (NEW.address LIKE '%s%%') EXECUTE FUNCTION wait_for_kill()
                        """.formatted(point.create, point, point.options, point.prefix));
            }
        });
    }

    /** Does something when this many transactions wait, and then lets them go on. */
    static void stop(Jdbi database, int transactions, Runnable then) {
        try (Handle handle = database.open()) {
            handle.execute("SELECT pg_advisory_lock(?)", LOCK);
            Poll.until("transactions wait", PATIENCE, () -> waiting(handle) == transactions);
            then.run();
        }
    }

    private static int waiting(Handle handle) {
        return handle.createQuery("""
                        SELECT count(*)
                          FROM pg_locks
                         WHERE locktype = 'advisory' AND objid = :lock AND NOT granted
                           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                        """).bind("lock", LOCK).mapTo(Integer.class).one();
    }
}
