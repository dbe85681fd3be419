package dev.roster.query.list;

import dev.roster.RosterConfiguration;
import dev.roster.support.RosterExtension;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.testing.DropwizardTestSupport;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A service with 100,000 users, and the connections on which it lists them. */
final class ManyUsers implements AutoCloseable {
    static final int SIZE = 100_000;

    private final ManagedDataSource connections;

    private ManyUsers(ManagedDataSource connections) {
        this.connections = connections;
    }

    /**
     * Inserts the users, created a second apart from 1970 on. Every thousandth is an admin. Half of the newest tenth is
     * disabled, and every five-hundredth of the others; every thousandth was disabled until 2020. Two thirds have
     * logged in, in 2026, a minute apart, in no order.
     */
    static ManyUsers in(RosterExtension roster) {
        roster.jdbi().useHandle(handle -> {
            insert(handle, """
                    INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at,
                                       disabled_at, disabled_until)
                    SELECT gen_random_uuid(),
                           (ARRAY['Juliet', 'Юлия', '太郎', 'Zoë', 'Ana'])[1 + i % 5] || ' ' || md5(i::text),
                           left(md5(i::text), 8) || i || '@example.com',
                           CASE WHEN i % 1000 = 0 THEN 'admin' ELSE 'user' END,
                           'x', to_timestamp(i), to_timestamp(i),
                           CASE WHEN i % 500 = 1 OR i % 1000 = 2 OR (i > 90000 AND i % 2 = 1) THEN now() END,
                           CASE WHEN i % 1000 = 2 THEN '2020-01-01'::timestamptz END
                      FROM generate_series(1, 100000) AS i
                    """);
            handle.execute("""
                    INSERT INTO last_logins (user_id, last_login_at)
                    SELECT id, '2026-01-01'::timestamptz + rank * interval '1 minute'
                      FROM (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM users) AS ranked
                     WHERE rank % 3 > 0
                    """);
            // Every row is sampled, so that the planner estimates the same in every run.
            handle.execute("ALTER TABLE users ALTER COLUMN role SET STATISTICS 1000");
            handle.execute("ALTER TABLE last_logins ALTER COLUMN last_login_at SET STATISTICS 1000");
            handle.execute("VACUUM ANALYZE users");
            handle.execute("VACUUM ANALYZE last_logins");
        });
        DropwizardTestSupport<RosterConfiguration> service = roster.support();
        return new ManyUsers(service.getConfiguration()
                .database()
                .lists()
                .build(service.getEnvironment().metrics(), "plans"));
    }

    /** Inserts many users without their largest indexes, and builds these anew: much faster than row by row. */
    static void insert(Handle handle, String users) {
        List<String> indexes = handle.createQuery("""
                        SELECT pg_get_indexdef(indexrelid)
                          FROM pg_index
                         WHERE indexrelid IN ('users_trigrams'::regclass, 'users_pieces'::regclass)
                        """).mapTo(String.class).list();
        handle.execute("DROP INDEX users_trigrams, users_pieces");
        handle.execute(users);
        indexes.forEach(handle::execute);
    }

    /** The service's connections. */
    Jdbi jdbi() {
        return Jdbi.create(connections);
    }

    @Override
    public void close() {
        try {
            connections.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The connections do not close", e);
        }
    }
}
