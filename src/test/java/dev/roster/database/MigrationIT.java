package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.RosterProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mindrot.jbcrypt.BCrypt;

class MigrationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> CHANGE_SETS = List.of(
            "create-users",
            "create-sessions",
            "create-token-blocklist",
            "refresh-tokens",
            "list-users",
            "vacuum-users",
            "notify-time",
            "create-limits",
            "create-audit-events",
            "notify-users",
            "blocklist-users",
            "fold-names",
            "fold-stored-names",
            "vacuum-folded-users",
            "functions-search-path",
            "login-networks",
            "describe-tables",
            "revoke-all",
            "last-logins",
            "audit-operators",
            "validate-audit-operators",
            "index-audit-operators",
            "create-profiles",
            "audit-member-names",
            "validate-profiles",
            "create-api-keys",
            "disable-users",
            "list-disabled-users",
            "index-audit-searches",
            "audit-logins-without-key",
            "validate-audit-logins",
            "cover-last-logins",
            "create-mails",
            "audit-mails",
            "validate-audit-mails",
            "prove-addresses",
            "audit-addresses",
            "validate-audit-addresses",
            "notify-addresses",
            "find-mails-by-token",
            "create-signing-keys",
            "audit-signing-keys",
            "validate-audit-signing-keys",
            "create-epochs");

    private final TestDatabase database = TestDatabase.empty();
    private final Map<String, String> environment = database.variables(Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "users           | created_at disabled_at disabled_reason disabled_until email email_key"
                        + " email_verified_at id metadata name name_key password_hash password_reset_required_at"
                        + " pending_email profile role updated_at version",
                "token_blocklist | expires_at id kind reason revoked_at user_id",
                "sessions        | created_at expires_at id ip last_used_at refresh_token_hash refreshes_full_at"
                        + " user_agent user_id",
                "spent_refresh_tokens | hash session_id spent_at successor_salt",
                "request_limits  | full_at key",
                "failure_limits  | closed_until failures forgotten_at key",
                "login_networks  | logged_in_at network user_id",
                "last_logins     | last_login_at user_id",
                "epochs          | first_lsn seen_at timeline",
                "signing_keys | algorithm created_at kid private_sealed public_jwk published_from signs_from"
                        + " verifies_until",
                "api_keys | created_at created_by expires_at id last_used_at name revoked_at scopes secret_hash",
                "audit_events | actor actor_id actor_mac details id ip key_id mac occurred_at reason reason_mac"
                        + " request_id session_id target_id target_key_id type user_agent user_agent_mac",
                "audit_unsealed | id mac occurred_at",
                "audit_seals | event_ids event_macs latest_month mac month number previous_mac sealed_at",
                "pending_registrations | created_at email email_key expires_at id name password_hash profile role",
                "mail_tokens | address created_at expires_at id pending_id purpose used_at user_id",
                "mails | address attempts created_at failure id kind lease_until next_at sent_at state token_id user_id"
            })
    void migrationCreatesTheTables(String table, String columns) {
        Outcome outcome = run("db", "migrate", "config.yml");

        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
        assertThat(outcome.errors()).isEmpty();
        assertThat(strings("SELECT column_name FROM information_schema.columns WHERE table_name = '" + table
                        + "' ORDER BY column_name"))
                .containsExactly(columns.split(" "));
    }

    /** Rows that an earlier version wrote stay. */
    @Test
    void migrationKeepsExistingRows() {
        run("db", "migrate", "--count", "3", "config.yml");
        database.jdbi().useHandle(handle -> handle.execute("""
                WITH registered AS (
                    INSERT INTO users (id, name, email, password_hash)
                    VALUES (gen_random_uuid(), 'Ada', 'ada@example.com', 'x')
                    RETURNING id)
                INSERT INTO sessions (id, user_id, created_at, expires_at)
                SELECT gen_random_uuid(), id, '2026-01-02T03:04:05Z', '2026-01-02T03:19:05Z' FROM registered
                """));

        Outcome outcome = run("db", "migrate", "config.yml");

        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
        assertThat(strings("SELECT email || ' ' || (last_used_at = sessions.created_at)"
                        + " FROM users JOIN sessions ON user_id = users.id WHERE refresh_token_hash IS NULL"))
                .containsExactly("ada@example.com true");
    }

    /** L5: later events of existing users are recorded. */
    @Test
    void existingUsersCanLogInAfterMigration() throws Exception {
        run("db", "migrate", "--count", "7", "config.yml");
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO users (id, name, email, password_hash)"
                                + " VALUES (gen_random_uuid(), 'Ada', 'ada@example.com', ?)",
                        BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(4))));
        assertThat(run("db", "migrate", "config.yml").failed()).isFalse();
        RosterExtension roster = new RosterExtension().on(database);
        roster.start();
        try {
            String token = roster.api().newToken("ada@example.com");
            roster.api().logout(token).expect(204);
        } finally {
            roster.stop();
        }

        assertThat(strings("SELECT type FROM audit_events JOIN users ON users.id = target_id ORDER BY occurred_at"))
                .containsExactly("logged_in", "logged_out");
        assertThat(run("audit-verify", "config.yml").failed()).isFalse();
    }

    /** The version is the entity tag, so it changes with the name that clients see. */
    @Test
    void migrationNormalizesAndFoldsStoredNames() {
        run("db", "migrate", "--count", "11", "config.yml");
        database.jdbi().useHandle(handle -> {
            handle.execute("""
                    INSERT INTO users (id, name, email, password_hash)
                    SELECT gen_random_uuid(), name, row_number() OVER () || '@example.com', 'x'
                      FROM unnest(ARRAY['Ada', 'Οδυσσεύς', U&'Jose\\0301', repeat(U&'\\0958', 60)]) AS name
                    """);
            handle.execute("""
                    INSERT INTO users (id, name, email, password_hash)
                    SELECT gen_random_uuid(), 'Straße ' || i, 's' || i || '@example.com', 'x'
                      FROM generate_series(1, 250) AS i
                    """);
        });

        Outcome outcome = run("db", "migrate", "config.yml");

        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
        assertThat(strings("SELECT concat_ws('|', name, name_key, version, updated_at > created_at) FROM users"
                        + " WHERE name !~ 'Straße' ORDER BY email"))
                .containsExactly(
                        "Ada|ada|1|f",
                        "Οδυσσεύς|οδυσσεύσ|1|f",
                        "José|josé|2|t",
                        "\u0958".repeat(60) + "|" + "\u0915\u093c".repeat(60) + "|1|f");
        assertThat(strings("SELECT count(*) || ' ' || max(version) FROM users WHERE name_key LIKE 'strasse %'"))
                .containsExactly("250 1");
    }

    /** While nodes are updated, those of the older version write to the new schema. */
    @Test
    void statementsOfTheOlderVersionWorkOnTheNewSchema() {
        run("db", "migrate", "config.yml");

        assertThat(strings("INSERT INTO users (id, name, email, role, password_hash)"
                        + " VALUES (gen_random_uuid(), U&'Jose\\0301 \\03A3', 'a@example.com', 'user', 'x')"
                        + " RETURNING name"))
                .containsExactly("José Σ");
        assertThat(strings("SELECT name FROM users WHERE strpos(name_key, lower(lower('JOS' COLLATE \"C\")"
                        + " COLLATE \"default\") COLLATE \"C\") > 0 ORDER BY name_key, id"))
                .containsExactly("José Σ");
    }

    @Test
    void secondMigrationChangesNothing() {
        run("db", "migrate", "config.yml");
        List<String> before = strings("SELECT id || orderexecuted || dateexecuted FROM databasechangelog ORDER BY 1");

        Outcome outcome = run("db", "migrate", "config.yml");

        assertThat(outcome.failed()).isFalse();
        assertThat(strings("SELECT id || orderexecuted || dateexecuted FROM databasechangelog ORDER BY 1"))
                .hasSameSizeAs(CHANGE_SETS)
                .isEqualTo(before);
    }

    @Test
    void statusCountsPendingChangeSets() {
        assertThat(status()).contains(CHANGE_SETS.size() + " changesets have not been applied");

        run("db", "migrate", "config.yml");

        assertThat(status()).contains("is up to date");
    }

    @Test
    void explainsThatItMayNotCreateTheExtension() {
        Map<String, String> limited =
                database.variables(Map.of("POSTGRES_USER", "limited", "POSTGRES_PASSWORD", "limited"));
        try (Handle handle = database.jdbi().open()) {
            handle.execute("CREATE ROLE limited LOGIN PASSWORD 'limited'");
            handle.execute("GRANT CREATE ON SCHEMA public TO limited");

            Outcome refused = CommandLine.run(limited, "db", "migrate", "config.yml");

            assertThat(refused.failed()).isTrue();
            assertThat(refused.errors().strip())
                    .startsWith("Roster does not start: database: it needs the extension pg_trgm")
                    .endsWith("run CREATE EXTENSION pg_trgm there as a privileged user, then migrate again")
                    .hasLineCount(1);

            handle.execute("CREATE EXTENSION pg_trgm");

            assertThat(CommandLine.run(limited, "db", "migrate", "config.yml").failed())
                    .isFalse();
            handle.execute("DROP OWNED BY limited");
            handle.execute("DROP ROLE limited");
        }
    }

    @Test
    void explainsThatTheExtensionIsOutsideTheSearchPath() {
        database.jdbi().useHandle(handle -> {
            handle.execute("CREATE SCHEMA extensions");
            handle.execute("CREATE EXTENSION pg_trgm SCHEMA extensions");
        });

        Outcome refused = run("db", "migrate", "config.yml");

        assertThat(refused.failed()).isTrue();
        assertThat(refused.errors().strip()).contains("search_path").hasLineCount(1);
    }

    @Test
    void migrationCanBeRolledBackAndRepeated() {
        run("db", "migrate", "config.yml");
        database.jdbi()
                .useHandle(handle -> handle.execute("INSERT INTO users (id, name, email, password_hash)"
                        + " VALUES (gen_random_uuid(), 'A Person', 'A.Person@example.com', 'x')"));

        int kept = CHANGE_SETS.indexOf("list-users");
        String count = Integer.toString(CHANGE_SETS.size() - kept);
        assertThat(run("db", "rollback", "--count", count, "config.yml").failed())
                .isFalse();
        assertThat(strings("SELECT id FROM databasechangelog ORDER BY orderexecuted"))
                .isEqualTo(CHANGE_SETS.subList(0, kept));
        assertThat(strings("SELECT column_name FROM information_schema.columns WHERE table_name = 'users'"))
                .hasSize(9)
                .doesNotContain("name_key");

        assertThat(run("db", "migrate", "config.yml").failed()).isFalse();
        assertThat(strings("SELECT name_key || ' ' || email_key FROM users"))
                .containsExactly("a person a.person@example.com");
    }

    /** N3 */
    @Test
    void threeMigrationsAtOnceMigrateOnce() throws Exception {
        List<Integer> exits = Concurrently.run(3, i -> {
            try (RosterProcess migration = RosterProcess.start(environment, "db", "migrate", "config.yml")) {
                assertThat(migration.exitCode()).as(migration.toString()).isZero();
                return migration.exitCode();
            }
        });

        assertThat(exits).containsExactly(0, 0, 0);
        assertThat(strings("SELECT id FROM databasechangelog ORDER BY orderexecuted"))
                .isEqualTo(CHANGE_SETS);
        try (RosterProcess roster = RosterProcess.serve(environment)) {
            roster.api().newUser();
        }
    }

    /** N3 */
    @Test
    void nextMigrationContinuesAfterAKilledOne() {
        try (Handle handle = database.jdbi().open()) {
            // Stops the migration halfway: it waits for this transaction, which creates the same table.
            handle.begin();
            handle.execute("CREATE TABLE sessions (id int)");
            try (RosterProcess migration = RosterProcess.start(environment, "db", "migrate", "config.yml")) {
                Poll.until("it waits", PATIENCE, () -> !waiting().isEmpty());
                migration.kill();
            }
            handle.rollback();
        }
        assertThat(strings("SELECT id FROM databasechangelog")).containsExactly("create-users");

        try (RosterProcess next = RosterProcess.start(environment, "db", "migrate", "config.yml")) {
            assertThat(next.exitCode()).as(next.toString()).isZero();
        }

        assertThat(strings("SELECT id FROM databasechangelog ORDER BY orderexecuted"))
                .isEqualTo(CHANGE_SETS);
    }

    private String status() {
        try (RosterProcess status = RosterProcess.start(environment, "db", "status", "config.yml")) {
            assertThat(status.exitCode()).isZero();
            return status.output();
        }
    }

    private List<String> waiting() {
        return strings("SELECT pid::text FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'roster-migrations' AND wait_event_type = 'Lock'");
    }

    private Outcome run(String... arguments) {
        return CommandLine.run(environment, arguments);
    }

    private List<String> strings(String sql) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
