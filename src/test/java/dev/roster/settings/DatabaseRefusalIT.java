package dev.roster.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.TestTokens;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Answering;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.RosterProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each command says when it cannot use the database: whether the server answered, and what kind of refusal it
 * gave. A refusal that waiting does not mend says nothing of having waited.
 */
class DatabaseRefusalIT {
    private static final List<String> COMMANDS =
            List.of("server config.yml", "db migrate config.yml", "db status config.yml", "list-blocklist config.yml");

    private static final PrivatePostgres POSTGRES = new PrivatePostgres();
    private static final TestDatabase DATABASE = TestDatabase.empty(POSTGRES);

    static {
        POSTGRES.addUser("guest", "right");
    }

    @AfterAll
    static void stop() {
        POSTGRES.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?sslmode=require | the server answers, but offers no TLS, which sslmode demands, or asks for a login"
                        + " that the driver cannot give (SQLSTATE 08004)",
                "?sslmode=verify-full | the server answers, but offers no TLS, which sslmode demands, or asks for a"
                        + " login that the driver cannot give (SQLSTATE 08004)",
                "?prepareThreshold=soon | the driver does not accept a parameter (SQLSTATE 22023)",
                "_of_another_name | there is no such database on the server (SQLSTATE 3D000)",
            })
    void parameterOrNameThatTheServerRefusesIsTold(String suffix, String reason) {
        expectRefusal(environment(Map.of("DATABASE_URL", DATABASE.url() + suffix)), "DATABASE_URL: " + reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wrong | POSTGRES_USER or POSTGRES_PASSWORD: the database does not accept this user with this password"
                        + " (SQLSTATE 28P01)",
            })
    void wrongPasswordIsTold(String password, String line) {
        expectRefusal(environment(Map.of("POSTGRES_PASSWORD", password)), line);
    }

    @Test
    void unknownUserIsTold() {
        expectRefusal(
                environment(Map.of("POSTGRES_USER", "nobody")),
                "POSTGRES_USER: the database answers, but does not let this user in from here: there is no such user,"
                        + " it has no right to log in, or pg_hba.conf has no entry for it (perhaps only with TLS)"
                        + " (SQLSTATE 28000)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REVOKE CONNECT ON DATABASE %s FROM PUBLIC | POSTGRES_USER: the database answers, but this user has no"
                        + " right to connect to it (GRANT CONNECT) (SQLSTATE 42501)",
                "ALTER DATABASE %s ALLOW_CONNECTIONS false | DATABASE_URL: the database answers, but it is closed to"
                        + " connections (ALLOW_CONNECTIONS false) (SQLSTATE 55000)",
                "ALTER DATABASE %s CONNECTION LIMIT 0 | DATABASE_URL: the server answers, but the database has no"
                        + " connection to spare (SQLSTATE 53300); waited 0 seconds",
                "REVOKE ALL ON SCHEMA public FROM PUBLIC | POSTGRES_USER: has no right on the schema public (GRANT"
                        + " USAGE, CREATE ON SCHEMA public), or DATABASE_URL names a currentSchema that does not exist",
            })
    void rightsAndLimitsThatKeepTheUserOutAreTold(String sql, String line) {
        TestDatabase own = TestDatabase.empty(POSTGRES);
        String name = own.url().replaceAll(".*/", "");
        TestDatabase from = sql.contains("DATABASE") ? DATABASE : own; // no session can close its own database
        try (Handle handle = from.jdbi().open()) {
            handle.execute(String.format(sql, name));

            expectRefusal(environment(Map.of("DATABASE_URL", own.url())), line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SQL_ASCII", "LATIN1"})
    void anotherEncodingThanUtf8IsTold(String encoding) {
        TestDatabase own = TestDatabase.emptyWith(POSTGRES, "ENCODING '" + encoding + "' LOCALE 'C'");

        expectRefusal(
                environment(Map.of("DATABASE_URL", own.url())),
                "database: its encoding is " + encoding + ", and Roster needs UTF8; create another with:"
                        + " CREATE DATABASE roster ENCODING 'UTF8' TEMPLATE template0");
    }

    /** The default of PostgreSQL 15 and newer. */
    @Test
    void migrationWithoutARightOnTheSchemaPublicIsTold() {
        try (RosterProcess migration = RosterProcess.start(environment(Map.of()), "db", "migrate", "config.yml")) {
            assertThat(migration.exitCode()).isNotZero();
            assertThat(migration.errors())
                    .isEqualTo("Roster does not start: POSTGRES_USER: permission denied for schema public\n");
            assertThat(migration.output()).isEmpty();
        }
    }

    @Test
    void changeSetThatFailsIsTold() {
        TestDatabase own = TestDatabase.empty(POSTGRES);
        own.jdbi().useHandle(handle -> handle.execute("CREATE TABLE sessions (id int)"));
        Map<String, String> environment = environment(Map.of("DATABASE_URL", own.url(), "POSTGRES_USER", own.user()));

        assertThat(run(environment, "db migrate config.yml").errors())
                .isEqualTo("Roster does not start: database: it refuses a statement (SQLSTATE 42P07); its log has more,"
                        + " in the change set create-sessions" + System.lineSeparator());
    }

    @Test
    void tablesThatTheUserMayNotReadAreTold() {
        TestDatabase migrated = TestDatabase.migrated(POSTGRES);
        Map<String, String> environment = environment(Map.of("DATABASE_URL", migrated.url()));

        assertThat(run(environment, "server config.yml").errors())
                .isEqualTo("Roster does not start: POSTGRES_USER: permission denied for table databasechangelog"
                        + System.lineSeparator());
    }

    @Test
    void tablesInASchemaThatTheSessionDoesNotLookIntoAreTold() {
        TestDatabase migrated = TestDatabase.migrated(POSTGRES);
        migrated.jdbi().useHandle(handle -> handle.execute("ALTER SCHEMA public RENAME TO app"));
        migrated.jdbi().useHandle(handle -> handle.execute("CREATE SCHEMA public"));
        Map<String, String> environment =
                environment(Map.of("DATABASE_URL", migrated.url(), "POSTGRES_USER", migrated.user()));

        expectRefusal(
                environment,
                "DATABASE_URL: Roster's tables are in the schema app: add the parameter currentSchema=app (or"
                        + " currentSchema=public to have others there)");

        environment.put("DATABASE_URL", migrated.url() + "?currentSchema=app");
        Outcome listed = run(environment, "list-blocklist config.yml");
        assertThat(listed.errors()).isEmpty();
        assertThat(listed.failed()).isFalse();
    }

    @Test
    void serverThatIsNotPostgresqlIsTold() throws Exception {
        try (Answering http = Answering.with("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")) {
            expectRefusal(
                    environment(Map.of("DATABASE_URL", http.url())),
                    "DATABASE_URL: what answers there is not PostgreSQL (SQLSTATE 08P01)");
            expectRefusal(
                    environment(Map.of("DATABASE_URL", http.url() + "?sslmode=disable")),
                    "DATABASE_URL: what answers there is not PostgreSQL (SQLSTATE 08P01)");
        }
    }

    /** PostgreSQL answers S to the question for TLS. */
    @Test
    void missingRootCertificateIsTold() throws Exception {
        try (Answering tls = Answering.with("S")) {
            expectRefusal(
                    environment(Map.of("DATABASE_URL", tls.url() + "?sslmode=verify-full&sslrootcert=/none.pem")),
                    "DATABASE_URL: TLS fails: look at sslmode, sslrootcert, sslcert, sslkey, the server's certificate"
                            + " and its name (SQLSTATE 08006)");
        }
    }

    @Test
    void serverThatClosesEachConnectionIsTold() throws Exception {
        try (Answering closing = Answering.with("")) {
            expectRefusal(
                    environment(Map.of("DATABASE_URL", closing.url())),
                    "DATABASE_URL: no PostgreSQL answers: the connection is closed or cannot be opened (SQLSTATE"
                            + " 08001); waited 0 seconds");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://127.0.0.1:1/roster | no server answers: nothing listens there (SQLSTATE 08001);"
                        + " waited 0 seconds",
                "jdbc:postgresql://roster.invalid/roster | no server answers: the name of the host is not known"
                        + " (SQLSTATE 08001); waited 0 seconds",
            })
    void serverThatDoesNotAnswerIsTold(String url, String reason) {
        expectRefusal(environment(Map.of("DATABASE_URL", url)), "DATABASE_URL: " + reason);
    }

    @ParameterizedTest
    @CsvSource({
        "DATABASE_URL, jdbc:postgresql://db:abc/roster",
        "DATABASE_URL, jdbc:postgresql://db:0/roster",
        "DATABASE_URL, jdbc:postgresql://db:65536/roster",
        "READ_DATABASE_URL, jdbc:postgresql://db:abc/roster",
        "FEED_DATABASE_URL, jdbc:postgresql://db:abc/roster",
        "DATABASE_URL, jdbc:postgresql://db/roster?sslmode=sometimes",
        "READ_DATABASE_URL, jdbc:postgresql://db/roster?targetServerType=near",
        "FEED_DATABASE_URL, jdbc:postgresql://db/roster?gssEncMode=maybe",
    })
    void urlThatTheDriverCannotReadIsTold(String variable, String url) {
        expectRefusal(
                environment(Map.of(variable, url)),
                variable + ": cannot be read: the port must be a number from 1 to 65535, and sslmode, gssEncMode and"
                        + " targetServerType ones that the driver knows, as in"
                        + " jdbc:postgresql://localhost:5432/roster?sslmode=require");
    }

    @Test
    void severalHostsWithoutADemandForThePrimaryAreRefused() {
        for (String url : List.of(
                "jdbc:postgresql://a,b/roster", "jdbc:postgresql://a:5432,b:5432/roster?targetServerType=any")) {
            expectRefusal(
                    environment(Map.of("DATABASE_URL", url)),
                    "DATABASE_URL: names several hosts, so it needs the parameter targetServerType=primary, as in"
                            + " jdbc:postgresql://a:5432,b:5432/roster?targetServerType=primary");
        }
    }

    @Test
    void feedOfSeveralHostsIsRefused() {
        String several = "jdbc:postgresql://a,b/roster?targetServerType=primary";
        for (Map<String, String> urls : List.of(
                Map.of("FEED_DATABASE_URL", several),
                Map.of("DATABASE_URL", several, "FEED_DATABASE_URL", "jdbc:postgresql://a/roster"))) {
            expectRefusal(
                    environment(urls),
                    "FEED_DATABASE_URL: must name one host, and must be empty if DATABASE_URL names several: the feed"
                            + " follows the primary by itself");
        }
    }

    private static void expectRefusal(Map<String, String> environment, String line) {
        for (String command : COMMANDS) {
            String prefix = command.startsWith("list") ? "list-blocklist: " : "Roster does not start: ";
            Outcome outcome = run(environment, command);

            assertThat(outcome.errors()).as(command).isEqualTo(prefix + line + System.lineSeparator());
            assertThat(outcome.failed()).isTrue();
            assertThat(outcome.output()).isEmpty();
        }
    }

    private static Outcome run(Map<String, String> environment, String command) {
        return CommandLine.run(environment, command.split(" ", -1));
    }

    private static Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATABASE_URL", DATABASE.url(),
                "DATABASE_STARTUP_WAIT", "0s",
                "POSTGRES_USER", "guest",
                "POSTGRES_PASSWORD", "right",
                "JWT_SECRET_KEY", TestTokens.SECRET_KEY));
        environment.putAll(more);
        return environment;
    }
}
