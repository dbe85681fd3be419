package dev.roster.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The delivery state of the rows of one table. The table has the columns {@code id}, {@code kind},
 * {@code created_at}, {@code next_at}, {@code lease_until}, {@code attempts}, {@code state}, {@code failure} and
 * {@code sent_at}. Each method is a transaction of its own. Thread-safe.
 *
 * <p>A row is {@code due} until it is {@code sent}, {@code failed} or {@code dropped}. A row that is put off is due
 * again after a pause, which grows with each attempt. The last attempt is a day after the row was written.
 */
public final class Outbox {
    /** How long a claimed row belongs to its node. A row of a node that was killed is claimed again afterwards. */
    public static final Duration LEASE = Duration.ofMinutes(6);

    /** The pauses after the first attempt, the second and so on. The last one also follows all further attempts. */
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1));

    private final Jdbi jdbi;
    private final String table;

    public Outbox(Jdbi jdbi, String table) {
        this.jdbi = jdbi;
        this.table = table;
    }

    /** Of the rows that no node has, claims the one that has been due for longest. Returns empty if there is none. */
    Optional<Claimed> claim() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        UPDATE %1$s
                           SET lease_until = now() + make_interval(secs => :lease), attempts = attempts + 1
                         WHERE id = (SELECT id
                                       FROM %1$s
                                      WHERE state = 'due'
                                        AND next_at <= now()
                                        AND (lease_until IS NULL OR lease_until <= now())
                                      ORDER BY next_at, id
                                      LIMIT 1
                                        FOR UPDATE SKIP LOCKED)
                        RETURNING id, kind, attempts
                        """.formatted(table))
                .bind("lease", LEASE.toSeconds())
                .map((row, context) ->
                        new Claimed(row.getObject("id", UUID.class), row.getString("kind"), row.getInt("attempts")))
                .findOne());
    }

    /**
     * Writes the outcome of an attempt. If the lease has ended and a node has claimed the row again, changes nothing.
     *
     * @return the new state of the row; empty if nothing changed
     */
    Optional<String> mark(Claimed claimed, Outcome outcome) {
        return switch (outcome.result()) {
            case SENT -> end(claimed, "sent", null);
            case DROPPED -> end(claimed, "dropped", null);
            case FAILED -> end(claimed, "failed", outcome.failure());
            case PUT_OFF -> putOff(claimed, outcome.failure());
        };
    }

    private Optional<String> end(Claimed claimed, String state, @Nullable String failure) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        UPDATE %s
                           SET state = :state,
                               failure = coalesce(:failure, failure),
                               next_at = now(),
                               sent_at = CASE WHEN :state = 'sent' THEN now() END,
                               lease_until = NULL
                         WHERE id = :id AND attempts = :attempts AND state = 'due'
                        RETURNING state
                        """.formatted(table))
                .bindMethods(claimed)
                .bind("state", state)
                .bind("failure", failure)
                .mapTo(String.class)
                .findOne());
    }

    private Optional<String> putOff(Claimed claimed, @Nullable String failure) {
        Duration pause = PAUSES.get(Math.min(claimed.attempts(), PAUSES.size()) - 1);
        return jdbi.withHandle(handle -> handle.createQuery("""
                        UPDATE %s
                           SET state = CASE WHEN created_at > now() - interval '1 day' THEN 'due' ELSE 'failed' END,
                               failure = :failure,
                               next_at = CASE
                                   WHEN created_at > now() - interval '1 day'
                                   THEN least(now() + make_interval(secs => :pause), created_at + interval '1 day')
                                   ELSE now() END,
                               lease_until = NULL
                         WHERE id = :id AND attempts = :attempts AND state = 'due'
                        RETURNING state
                        """.formatted(table))
                .bindMethods(claimed)
                .bind("failure", failure)
                .bind("pause", pause.toSeconds())
                .mapTo(String.class)
                .findOne());
    }

    /** Counts the rows that are still to be delivered. */
    public Backlog backlog() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT count(*) AS due,
                               coalesce(extract(epoch FROM now() - min(created_at)), 0)::bigint AS age,
                               (SELECT failure
                                  FROM %1$s
                                 WHERE state = 'due' AND failure IS NOT NULL
                                 ORDER BY created_at
                                 LIMIT 1) AS failure
                          FROM %1$s
                         WHERE state = 'due'
                        """.formatted(table))
                .map((row, context) -> new Backlog(
                        row.getLong("due"), Duration.ofSeconds(row.getLong("age")), row.getString("failure")))
                .one());
    }
}
