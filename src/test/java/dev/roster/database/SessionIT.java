package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.HostileSettings;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.RosterProcess;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that are the same whatever the role, the database and the machine set. */
class SessionIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_STATEMENT_TIMEOUT", "9s")
            .with("DATABASE_SOCKET_TIMEOUT", "10s");

    static {
        HostileSettings.apply(DATABASE);
    }

    private final Api api = ROSTER.api();

    @Test
    void everyConnectionStatesTheSettingsThatTheCodeIsWrittenFor() throws Exception {
        Map<String, String> expected = new TreeMap<>(Map.ofEntries(
                Map.entry("search_path", "\"$user\",public"),
                Map.entry("DateStyle", "ISO, MDY"),
                Map.entry("IntervalStyle", "postgres"),
                Map.entry("TimeZone", "UTC"),
                Map.entry("client_encoding", "UTF8"),
                Map.entry("bytea_output", "hex"),
                Map.entry("extra_float_digits", "1"),
                Map.entry("standard_conforming_strings", "on"),
                Map.entry("array_nulls", "on"),
                Map.entry("transform_null_equals", "off"),
                Map.entry("row_security", "on"),
                Map.entry("gin_fuzzy_search_limit", "0"),
                Map.entry("transaction_isolation", "read committed"),
                Map.entry("transaction_deferrable", "off"),
                Map.entry("synchronous_commit", "on"),
                Map.entry("idle_session_timeout", "0"),
                Map.entry("client_min_messages", "notice"),
                Map.entry("exit_on_error", "off")));

        Map<String, Map<String, String>> actual = new LinkedHashMap<>();
        for (Map.Entry<String, Connection> connection : connections().entrySet()) {
            try (Handle handle = Jdbi.open(connection.getValue())) {
                Map<String, String> settings = new TreeMap<>();
                expected.keySet().forEach(name -> settings.put(name, show(handle, name)));
                actual.put(connection.getKey(), settings);
            }
        }

        assertThat(actual)
                .hasSize(8)
                .allSatisfy((name, settings) -> assertThat(settings).as(name).isEqualTo(expected));
    }

    @Test
    void connectionsHaveTheirOwnTimeoutsAndPlans() throws Exception {
        Map<String, String> timeouts = new TreeMap<>();
        for (Map.Entry<String, Connection> connection : connections().entrySet()) {
            try (Handle handle = Jdbi.open(connection.getValue())) {
                timeouts.put(
                        connection.getKey(),
                        String.join(
                                " ",
                                show(handle, "statement_timeout"),
                                show(handle, "lock_timeout"),
                                show(handle, "idle_in_transaction_session_timeout"),
                                show(handle, "transaction_read_only"),
                                show(handle, "plan_cache_mode")));
            }
        }

        assertThat(timeouts)
                .isEqualTo(Map.of(
                        "commands", "9s 9s 10s off auto",
                        "queries", "9s 9s 10s on auto",
                        "lists", "9s 9s 10s on force_custom_plan",
                        "feed", "0 0 5s off auto",
                        "probe", "0 0 0 off auto",
                        "shell", "1min 5s 1min off auto",
                        "audit-verify", "0 0 0 off auto",
                        "migrations", "0 0 0 off auto"));
    }

    @Test
    void serviceWorksWhateverTheRoleAndTheDatabaseSet() {
        TestUser user = api.newUser();
        TestSession session = api.newSession(user);

        api.put(user.path(), user.token(), Map.of("name", "Back\\slash 'Née")).expect(200);
        Reply found = api.get("/users?q=slash%20'n%C3%A9e", user.token()).expect(200);
        assertThat(found.body().path("users").path(0).path("name").asText()).isEqualTo("Back\\slash 'Née");
        api.refresh(session.refreshToken()).expect(200);
        api.login(user.email(), "wrong").expect(401);
        api.get(user.sessionsPath(), user.token()).expect(200);
        api.logout(user.token()).expect(204);
        api.get(user.path(), user.token()).expectInvalidToken();
        assertThat(run("audit-verify", "config.yml").failed()).isFalse();
        assertThat(run("export-user", "config.yml", user.email()).failed()).isFalse();
        assertThat(run("delete-user", "config.yml", user.email()).output()).isEqualTo("deleted " + user.id() + "\n");
    }

    /** With the isolation of the database, most of them would fail and be repeated. */
    @Test
    void manyLoginsAndChangesOfOnePersonAtOnceSucceed() throws Exception {
        TestUser user = api.newUser();

        assertThat(Concurrently.run(60, i -> api.login(user.email(), Api.PASSWORD)))
                .extracting(Reply::status)
                .containsOnly(200);
        assertThat(Concurrently.run(60, i -> api.put(user.path(), user.token(), Map.of("name", "Name " + i))))
                .extracting(Reply::status)
                .containsOnly(200);
    }

    @Test
    void migrationWorksWhateverTheRoleAndTheDatabaseSet() {
        TestDatabase empty = TestDatabase.empty();
        HostileSettings.apply(empty);

        Outcome migrated = CommandLine.run(empty.variables(Map.of()), "db", "migrate", "config.yml");

        assertThat(migrated.errors()).isEmpty();
        assertThat(migrated.failed()).isFalse();
        Outcome listed = CommandLine.run(empty.variables(Map.of()), "list-blocklist", "config.yml");
        assertThat(listed.errors()).isEmpty();
        assertThat(listed.failed()).isFalse();
    }

    /** Java knows these names; PostgreSQL knows none of them, as one without tzdata's legacy names. */
    @ParameterizedTest
    @ValueSource(strings = {"PST", "IST"})
    void serviceStartsInAZoneThatTheServerDoesNotKnow(String zone) {
        TestDatabase database = TestDatabase.empty();
        try (Handle handle = database.jdbi().open()) {
            assertThatThrownBy(() -> handle.execute("SET TimeZone = '" + zone + "'"))
                    .isInstanceOf(UnableToExecuteStatementException.class)
                    .hasMessageContaining("TimeZone");
        }
        Map<String, String> environment = new HashMap<>(database.variables(Map.of("TZ", zone)));
        List<String> java = List.of("-Duser.language=tr", "-Duser.country=TR", "-jar", jar());

        try (RosterProcess migration =
                RosterProcess.start(environment, java, Path.of("").toAbsolutePath(), "db", "migrate", "config.yml")) {
            assertThat(migration.exitCode()).as(migration.toString()).isZero();
        }
        try (RosterProcess roster = RosterProcess.serve(environment, java)) {
            TestUser user = roster.api().newUser();
            roster.api().get(user.path(), user.token()).expect(200);
        }
        try (RosterProcess shell =
                RosterProcess.start(environment, java, Path.of("").toAbsolutePath(), "list-blocklist", "config.yml")) {
            assertThat(shell.exitCode()).as(shell.toString()).isZero();
        }
    }

    private static Outcome run(String... arguments) {
        return CommandLine.run(DATABASE.variables(Map.of()), arguments);
    }

    private static String jar() {
        return System.getProperty("roster.jar", "target/roster.jar");
    }

    private static String show(Handle handle, String setting) {
        return handle.createQuery("SHOW " + setting).mapTo(String.class).one();
    }

    private static Map<String, Connection> connections() throws Exception {
        DatabaseConfiguration database = ROSTER.support().getConfiguration().database();
        Map<String, Connection> connections = new LinkedHashMap<>();
        connections.put("commands", pooled(database.commands()));
        connections.put("queries", pooled(database.queries()));
        connections.put("lists", pooled(database.lists()));
        connections.put("migrations", pooled(database.migrations(database.url())));
        connections.put("feed", database.openFeed(database.url()));
        connections.put("probe", database.openProbe(database.url()));
        connections.put("shell", database.openShell(database.url()));
        connections.put("audit-verify", database.openVerification(database.url()));
        return connections;
    }

    private static Connection pooled(DataSourceFactory factory) throws Exception {
        factory.setInitialSize(1);
        factory.setMinSize(1);
        factory.setMaxSize(1);
        ManagedDataSource pool = factory.build(new MetricRegistry(), "test");
        return pool.getConnection();
    }
}
