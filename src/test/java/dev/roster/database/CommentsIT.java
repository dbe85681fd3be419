package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.CommandLine;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The database explains itself to people who open it in Adminer or psql. */
class CommentsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    /** Views, too. Liquibase's two tables are its own. Partitions that the service has created are among the tables. */
    @Test
    void everyTableAndColumnHasAComment() {
        assertThat(tables(ROSTER.jdbi()))
                .contains("users", "sessions", "audit_events", "audit_events_default")
                .anyMatch(table -> table.matches("audit_events_\\d{4}_\\d{2}"));

        assertThat(withoutComment(ROSTER.jdbi())).isEmpty();
    }

    @Test
    void everyFunctionHasAComment() {
        assertThat(strings(ROSTER.jdbi(), """
                SELECT proname
                  FROM pg_proc
                 WHERE pronamespace = 'public'::regnamespace
                   AND obj_description(oid, 'pg_proc') IS NULL
                   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
                """)).isEmpty();
    }

    @Test
    void missingCommentsAreDetected() {
        Jdbi jdbi = TestDatabase.migrated().jdbi();
        jdbi.useHandle(handle -> {
            handle.execute("CREATE TABLE uncommented (id int)");
            handle.execute("ALTER TABLE users ADD COLUMN hat_size int");
            handle.execute("CREATE VIEW adults AS SELECT id FROM users");
        });

        assertThat(withoutComment(jdbi))
                .containsExactly("adults", "adults.id", "uncommented", "uncommented.id", "users.hat_size");
    }

    /** An existing database has partitions that an earlier version created. */
    @Test
    void existingPartitionsGetComments() {
        TestDatabase database = TestDatabase.empty();
        Map<String, String> environment = database.variables(Map.of());
        CommandLine.run(environment, "db", "migrate", "--count", "16", "config.yml");
        database.jdbi()
                .useHandle(handle -> handle.execute("CREATE TABLE audit_events_2026_02 PARTITION OF audit_events"
                        + " FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00')"));

        assertThat(CommandLine.run(environment, "db", "migrate", "config.yml").failed())
                .isFalse();

        assertThat(withoutComment(database.jdbi())).isEmpty();
        assertThat(strings(database.jdbi(), "SELECT obj_description('audit_events_2026_02'::regclass, 'pg_class')"))
                .containsExactly("The audit events of 2026-02 (UTC).");
    }

    private static List<String> tables(Jdbi jdbi) {
        return strings(jdbi, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
    }

    /** Tables and views, and their columns as {@code table.column}. */
    private static List<String> withoutComment(Jdbi jdbi) {
        return strings(jdbi, """
                WITH roster AS (
                    SELECT table_name, format('%I.%I', table_schema, table_name)::regclass AS oid
                      FROM information_schema.tables
                     WHERE table_schema = 'public' AND table_name !~ '^databasechangelog')
                SELECT table_name AS name
                  FROM roster
                 WHERE obj_description(oid, 'pg_class') IS NULL
                 UNION ALL
                SELECT table_name || '.' || column_name
                  FROM roster
                  JOIN information_schema.columns USING (table_name)
                 WHERE table_schema = 'public' AND col_description(oid, ordinal_position) IS NULL
                 ORDER BY name
                """);
    }

    private static List<String> strings(Jdbi jdbi, String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
