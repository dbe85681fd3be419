package dev.roster.delivery;

import dev.roster.support.database.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** An outbox in a database of its own. */
final class Parcels {
    static final String TABLE = "parcels";

    private final TestDatabase database = TestDatabase.empty();
    private final Jdbi jdbi = database.jdbi();

    Parcels() {
        jdbi.useHandle(handle -> handle.execute("""
                CREATE TABLE parcels (
                    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
                    kind        text NOT NULL DEFAULT 'parcel',
                    created_at  timestamptz NOT NULL DEFAULT now(),
                    next_at     timestamptz NOT NULL DEFAULT now(),
                    lease_until timestamptz,
                    attempts    integer NOT NULL DEFAULT 0,
                    state       text NOT NULL DEFAULT 'due',
                    failure     text,
                    sent_at     timestamptz
                )
                """));
    }

    TestDatabase database() {
        return database;
    }

    /** The outbox, as a node of its own sees it. */
    Outbox outbox() {
        return new Outbox(database.jdbi(), TABLE);
    }

    /** Writes rows of a kind that have existed for this many seconds, and are due. */
    List<UUID> write(int count, String kind, int ageSeconds) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        INSERT INTO parcels (kind, created_at, next_at)
                        SELECT :kind, now() - age, now() - age
                          FROM generate_series(1, :count), make_interval(secs => :seconds) AS age
                        RETURNING id
                        """)
                .bind("kind", kind)
                .bind("count", count)
                .bind("seconds", ageSeconds)
                .mapTo(UUID.class)
                .list());
    }

    /** Changes the columns of a row. */
    void set(UUID id, String columns) {
        jdbi.useHandle(handle -> handle.execute("UPDATE parcels SET " + columns + " WHERE id = ?", id));
    }

    /** Evaluates an expression of SQL over a row, as text. */
    String get(UUID id, String expression) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT coalesce((" + expression + ")::text, 'null') FROM parcels WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .one());
    }

    String state(UUID id) {
        return get(id, "state");
    }

    /** How many rows fulfil a condition of SQL. */
    int count(String condition) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM parcels WHERE " + condition)
                .mapTo(Integer.class)
                .one());
    }
}
