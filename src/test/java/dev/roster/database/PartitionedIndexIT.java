package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.RosterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Indexes of the audit trail are created while nodes write to it. */
class PartitionedIndexIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String EVENT = " (id, occurred_at, type, request_id, mac)"
            + " VALUES (gen_random_uuid(), '2026-02-03T00:00:00Z', 'login_refused', 'x', 'x')";

    private final TestDatabase database = TestDatabase.empty();
    private final Map<String, String> environment = database.variables(Map.of());

    /** An existing database has partitions that an earlier version created. */
    @BeforeEach
    void migrateToTheChangeSetBefore() throws IOException {
        long before = Pattern.compile("changeSet id=\"([a-z-]+)\"")
                .matcher(Files.readString(Path.of("src/main/resources/migrations.xml")))
                .results()
                .takeWhile(changeSet -> !changeSet.group(1).equals("index-audit-operators"))
                .count();
        CommandLine.run(environment, "db", "migrate", "--count", Long.toString(before), "config.yml");
        database.jdbi().useHandle(handle -> {
            handle.execute("CREATE TABLE audit_events_2026_02 PARTITION OF audit_events"
                    + " FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00')");
            handle.execute("INSERT INTO audit_events" + EVENT);
        });
    }

    @Test
    void everyPartitionGetsTheIndexes() {
        assertThat(strings("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
                .isEmpty();
        int before = indexesOf("audit_events").size();

        assertThat(CommandLine.run(environment, "db", "migrate", "config.yml").failed())
                .isFalse();

        assertThat(strings("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
                .isEmpty();
        assertThat(indexesOf("audit_events"))
                .contains("audit_events_key_id", "audit_events_type")
                .hasSize(before + 5);
        assertThat(indexesOf("audit_events_2026_02")).hasSize(before + 5);
        assertThat(indexesOf("audit_events_default")).hasSize(before + 5);
    }

    /** A transaction of another node holds up the migration, and the migration holds up nobody. */
    @Test
    void writersDoNotWaitForTheIndex() {
        try (Handle slow = database.jdbi().open();
                RosterProcess migration = holdUp(slow);
                Handle other = database.jdbi().open()) {
            other.execute("SET lock_timeout = '1s'");

            assertThat(other.execute("INSERT INTO audit_events" + EVENT)).isOne();

            slow.commit();
            assertThat(migration.exitCode()).as(migration.toString()).isZero();
        }
        assertThat(strings("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
                .isEmpty();
    }

    /** N3 */
    @Test
    void nextMigrationReplacesTheIndexOfAFailedOne() {
        try (Handle slow = database.jdbi().open();
                RosterProcess migration = holdUp(slow)) {
            waiting().forEach(pid -> strings("SELECT pg_terminate_backend(" + pid + ")"));
            assertThat(migration.exitCode()).as(migration.toString()).isOne();
            slow.rollback();
        }
        assertThat(strings("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
                .contains("audit_events_2026_02_key_id");

        assertThat(CommandLine.run(environment, "db", "migrate", "config.yml").failed())
                .isFalse();

        assertThat(strings("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
                .isEmpty();
    }

    /** A node creates next month's partition after the migration has listed the partitions. */
    @Test
    void partitionCreatedMeanwhileGetsTheIndexInTheNextMigration() {
        database.jdbi().useHandle(handle -> {
            handle.execute("""
                    CREATE FUNCTION create_month() RETURNS event_trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF current_query() LIKE '%audit_events_actor ON ONLY%' THEN
                            CREATE TABLE IF NOT EXISTS audit_events_2026_03 PARTITION OF audit_events
                                FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-04-01 00:00:00+00');
                        END IF;
                    END
                    $$""");
            handle.execute("CREATE EVENT TRIGGER month ON ddl_command_start WHEN TAG IN ('CREATE INDEX')"
                    + " EXECUTE FUNCTION create_month()");
        });

        assertThat(CommandLine.run(environment, "db", "migrate", "config.yml").failed())
                .isTrue();
        assertThat(CommandLine.run(environment, "db", "migrate", "config.yml").failed())
                .isFalse();

        assertThat(strings("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
                .isEmpty();
        assertThat(indexesOf("audit_events_2026_03")).hasSameSizeAs(indexesOf("audit_events"));
    }

    /** A snapshot of a second migration that waits for its turn would stop the first for ever. */
    @Test
    void secondMigrationDoesNotHoldUpTheFirst() {
        try (Handle slow = database.jdbi().open();
                RosterProcess first = holdUp(slow);
                RosterProcess second = RosterProcess.start(environment, "db", "migrate", "config.yml")) {
            Poll.until(
                    "the second waits for its turn",
                    PATIENCE,
                    () -> strings("SELECT pid::text FROM pg_stat_activity WHERE datname = current_database()"
                                            + " AND query LIKE '%roster-migrations%'"
                                            + " AND application_name = 'roster-migrations'")
                                    .size()
                            > 1);

            slow.rollback();

            assertThat(first.exitCode()).as(first.toString()).isZero();
            assertThat(second.exitCode()).as(second.toString()).isZero();
        }
    }

    /** A migration that waits for this transaction. */
    private RosterProcess holdUp(Handle slow) {
        slow.begin();
        slow.execute("INSERT INTO audit_events_2026_02" + EVENT);
        RosterProcess migration = RosterProcess.start(environment, "db", "migrate", "config.yml");
        Poll.until("it waits", PATIENCE, () -> !waiting().isEmpty());
        return migration;
    }

    private List<String> waiting() {
        return strings("SELECT pid::text FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'roster-migrations' AND wait_event_type = 'Lock'");
    }

    private List<String> indexesOf(String table) {
        return strings("SELECT indexrelid::regclass FROM pg_index WHERE indrelid = '" + table + "'::regclass");
    }

    private List<String> strings(String sql) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
