package dev.roster.shell;

import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.database.DatabaseConfiguration;
import dev.roster.key.Secret;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import io.dropwizard.util.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Behaviour that all shell commands share. */
class ShellIT {
    private static final String PASSWORD = "Canary-Horse-9";
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final Shell shell = new Shell(DATABASE);

    static Stream<String> commands() {
        return Stream.of(
                "create-user --name A --email a@example.com --generate-password",
                "disable-user a@example.com",
                "enable-user a@example.com",
                "set-role a@example.com admin",
                "set-password a@example.com --generate-password",
                "end-sessions a@example.com",
                "end-all-sessions --yes",
                "delete-user a@example.com",
                "export-user a@example.com",
                "rotate-key",
                "list-blocklist",
                "purge-blocklist",
                "audit-verify");
    }

    /** D1 */
    @ParameterizedTest
    @MethodSource("commands")
    void unreachableDatabaseIsReported(String command) {
        Shell away = shell.with("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/roster")
                .with("DATABASE_STARTUP_WAIT", "0s");

        expectRefusal(
                run(away, command),
                name(command) + ": DATABASE_URL: no server answers: nothing listens there (SQLSTATE 08001);"
                        + " waited 0 seconds");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void outdatedSchemaIsReported(String command) {
        Outcome outcome = run(new Shell(TestDatabase.empty()), command);

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors())
                .hasLineCount(1)
                .startsWith(name(command) + ": database: its schema lacks create-users, ");
    }

    /** C3 */
    @ParameterizedTest
    @MethodSource("commands")
    void missingSettingIsNamed(String command) {
        Outcome outcome = CommandLine.run(Map.of(), arguments(command));

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.errors())
                .hasLineCount(1)
                .startsWith(name(command) + ": ")
                .contains(" is not set");
    }

    @Test
    void missingConfigurationFileIsReported() {
        expectRefusal(
                CommandLine.run(DATABASE.variables(Map.of()), "list-blocklist", "none.yml"),
                "list-blocklist: File none.yml not found");
    }

    /** D1 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create-user --name A --email b@example.com --generate-password",
                "disable-user a@example.com",
                "enable-user a@example.com",
                "set-role a@example.com admin",
                "set-password a@example.com --generate-password",
                "end-sessions a@example.com",
                "end-all-sessions --yes",
                "delete-user a@example.com",
                "purge-blocklist",
            })
    void readOnlyDatabaseIsReported(String command) {
        TestDatabase own = TestDatabase.migrated();
        create(new Shell(own), "a@example.com");
        own.jdbi().useHandle(handle -> handle.execute("""
                DO $$
                BEGIN
                    EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database());
                END
                $$
                """));

        expectRefusal(
                run(new Shell(own), command),
                name(command) + ": DATABASE_URL: the database is read-only: is it a replica?");
    }

    /** L2: the line reveals no value. */
    @Test
    void refusedStatementIsReportedInOneLine() {
        TestDatabase own = TestDatabase.migrated();
        Shell limited = new Shell(own).with("POSTGRES_USER", "rightless").with("POSTGRES_PASSWORD", "rightless");
        own.jdbi().useHandle(handle -> {
            handle.execute("CREATE ROLE rightless LOGIN PASSWORD 'rightless'");
            handle.execute("GRANT SELECT ON databasechangelog TO rightless");

            expectRefusal(
                    limited.run("list-blocklist"),
                    "list-blocklist: POSTGRES_USER: permission denied for table token_blocklist");

            handle.execute("DROP OWNED BY rightless");
            handle.execute("DROP ROLE rightless");
            handle.execute("ALTER TABLE token_blocklist DROP COLUMN reason");
        });

        expectRefusal(
                new Shell(own).run("list-blocklist"),
                "list-blocklist: The database refuses a statement: SQLSTATE 42703");
    }

    /** R5 */
    @Test
    void commandGivesUpWaitingForALock() {
        DATABASE.jdbi().useTransaction(handle -> {
            handle.execute("LOCK TABLE token_blocklist");

            expectRefusal(shell.run("list-blocklist"), "list-blocklist: The database does not answer, or not in time.");
        });
    }

    /** R5: a slow reader of the output cannot keep a transaction open. */
    @Test
    void idleTransactionEndsAfterAMinute() throws Exception {
        Duration some = Duration.seconds(5);
        DatabaseConfiguration database = new DatabaseConfiguration(
                DATABASE.url(),
                "",
                "",
                "read",
                DATABASE.user(),
                new Secret(DATABASE.password()),
                some,
                1,
                1,
                1,
                some,
                some,
                some,
                some,
                some);

        try (Handle handle = Jdbi.open(() -> database.openShell(DATABASE.url()))) {
            assertThat(handle.createQuery("SHOW idle_in_transaction_session_timeout")
                            .mapTo(String.class)
                            .one())
                    .isEqualTo("1min");
        }
    }

    /** L5: events written with another key would look forged. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create-user --name A --email b@example.com --generate-password",
                "disable-user a@example.com",
                "enable-user a@example.com",
                "set-role a@example.com admin",
                "set-password a@example.com --generate-password",
                "end-sessions a@example.com",
                "end-all-sessions --yes",
                "delete-user a@example.com",
                "export-user a@example.com",
                "rotate-key",
            })
    void anotherAuditKeyIsRefused(String command) {
        Shell own = new Shell(TestDatabase.migrated());
        assertThat(create(own, "a@example.com").failed()).isFalse();
        String other = new StringBuilder(TestTokens.SECRET_KEY).reverse().toString();

        expectRefusal(
                run(own.with("JWT_SECRET_KEY", other), command),
                name(command) + ": AUDIT_SECRET_KEY, or JWT_SECRET_KEY: is not the one with which this database's"
                        + " audit trail was written");
        own.verifyAudit();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list-blocklist",
                "audit-verify",
                "delete-user",
                "delete-user config.yml",
                "create-user config.yml --name A",
                "list-blocklist config.yml --al=x"
            })
    void invalidArgumentsShowTheUsage(String command) {
        Outcome outcome = CommandLine.run(DATABASE.variables(Map.of()), command.split(" ", -1));

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).contains("usage: java -jar ", name(command));
    }

    /** L3: logs do not go to stdout, even at level TRACE. */
    @Test
    void stdoutHoldsOnlyTheResultAndNoSecretIsLogged() throws Exception {
        Map<String, String> environment = DATABASE.variables(Map.of("LOG_LEVEL", "TRACE"));
        try (ShellProcess create = ShellProcess.start(
                environment,
                List.of(),
                "create-user",
                "config.yml",
                "--name",
                "Żółć",
                "--email",
                "trace@example.com",
                "--password-stdin")) {
            assertThat(create.type(PASSWORD + "\n").output()).matches("created [0-9a-f-]{36}\n");
            assertThat(create.exitCode()).isZero();
            assertThat(create.errors()).contains("DEBUG").doesNotContain(PASSWORD, "$2a$");
        }
        String name = DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT name FROM users WHERE email = 'trace@example.com'")
                        .mapTo(String.class)
                        .one());
        assertThat(name).isEqualTo("Żółć");
    }

    /** Otherwise another name would be stored without an error. */
    @Test
    void charactersOutsideTheLocaleAreRefused() throws Exception {
        Map<String, String> environment = new HashMap<>(DATABASE.variables(Map.of()));
        environment.put("LC_ALL", "C");
        try (ShellProcess create = ShellProcess.start(
                environment,
                List.of(),
                "create-user",
                "config.yml",
                "--name",
                "Zoë",
                "--email",
                "locale@example.com",
                "--generate-password")) {
            assertThat(create.output()).isEmpty();
            assertThat(create.exitCode()).isOne();
            assertThat(create.errors())
                    .isEqualTo("create-user: name has characters that this process's locale cannot read:"
                            + " set LC_ALL=C.UTF-8\n");
        }
    }

    /** L3: stderr is often kept, so it must not hold the generated password. */
    @Test
    void resultIsReportedOnStderrIfStdoutIsClosed() throws Exception {
        TestDatabase own = TestDatabase.migrated();
        try (ShellProcess create = ShellProcess.start(
                own.variables(Map.of()),
                List.of(),
                "create-user",
                "config.yml",
                "--name",
                "A",
                "--email",
                "unread@example.com",
                "--generate-password")) {
            assertThat(create.head(0)).isEmpty();
            assertThat(create.exitCode()).isOne();
            String id = own.jdbi().withHandle(handle -> handle.createQuery("SELECT id FROM users")
                    .mapTo(String.class)
                    .one());
            assertThat(create.errors())
                    .isEqualTo("create-user: created " + id + ", but stdout cannot be written: Broken pipe\n");
        }
    }

    /** Exports more events than fit into memory, once in full and once as with {@code | head}. */
    @Test
    void exportIsStreamedAndEndsIfStdoutIsClosed() throws Exception {
        create(shell, "newer@example.com"); // writes an event with the trail's key
        UUID id = UUID.randomUUID();
        DATABASE.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO audit_events (id, occurred_at, type, target_id, request_id, mac, user_agent, user_agent_mac)
                SELECT gen_random_uuid(), now() - interval '1 hour', 'login_refused', ?, 'many', '',
                       repeat('x', 256), ''
                  FROM generate_series(1, 100000)
                """, id));
        Map<String, String> environment = DATABASE.variables(Map.of());
        List<String> small = List.of("-Xmx40m");

        try (ShellProcess export = ShellProcess.start(environment, small, "export-user", "config.yml", id.toString())) {
            assertThat(export.output()).hasSizeGreaterThan(50_000_000).endsWith("}\n");
            assertThat(export.exitCode()).isZero();
            assertThat(export.errors()).isEmpty();
        }
        try (ShellProcess export = ShellProcess.start(environment, small, "export-user", "config.yml", id.toString())) {
            assertThat(export.head(10)).isEqualTo("{\n  \"expor");
            assertThat(export.exitCode()).isOne();
            assertThat(export.errors())
                    .isEqualTo("export-user: stdin cannot be read, or stdout cannot be written: Broken pipe\n");
        }
    }

    private static Outcome create(Shell shell, String email) {
        return shell.type(PASSWORD, "create-user", "--name", "A", "--email", email, "--password-stdin");
    }

    private static Outcome run(Shell shell, String command) {
        String[] words = command.split(" ", -1);
        return shell.run(words[0], Stream.of(words).skip(1).toArray(String[]::new));
    }

    private static String[] arguments(String command) {
        String[] words = command.split(" ", -1);
        return Stream.concat(Stream.of(words[0], "config.yml"), Stream.of(words).skip(1))
                .toArray(String[]::new);
    }

    private static String name(String command) {
        return command.split(" ", -1)[0];
    }
}
