package dev.roster.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.TestTokens;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refused starts and the one line that explains each. */
class StartRefusalIT {
    /** Characters with a meaning in a shell, YAML, JSON, SQL or a URL, and others. */
    private static final String NASTY =
            "q'Q\"#: \\ ${JWT_SECRET_KEY} $${x} {a}[b]&*!|>%@`~,?=\t/+é\u20ac\ud83d\udd11\u2028\u0085\u007f\n- x: y ";

    private static final PrivatePostgres POSTGRES = new PrivatePostgres();

    @TempDir
    private Path directory;

    @BeforeAll
    static void addUsers() {
        POSTGRES.addUser("nasty", NASTY);
    }

    @AfterAll
    static void stop() {
        POSTGRES.close();
    }

    /** C1 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "secret_string",
                "hunter2",
                "31-bytes-9vKq3LzPpW7cYtXr1nUeHs",
                "ключ-из-30-байт-ws", // 30 bytes
                "change-me-to-a-random-secret-of-32-bytes-or-more",
                "CHANGE-ME-TO-A-RANDOM-SECRET-OF-32-BYTES-OR-MORE",
                "your-256-bit-secret-your-256-bit-secret",
                "a-string-secret-at-least-256-bits-long",
                "abcdefghijklmnopqrstuvwxyz0123456789",
                "abcdefghijklmnopqrstuvwxyz1234567890",
                "abcdefghijklmnopqrstuvwxyz012345",
                "abcdefghijklmnopqrstuvwxyz123456",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "                                                ",
                "abababababababababababababababababababab",
                "0123456789abcdef0123456789abcdef",
                "secretsecretsecretsecretsecretsecret",
                "passwordpasswordpasswordpasswordpass",
                "12345678901234567890123456789012",
                "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
                "0000000000000000000000000000000000000001"
            })
    void refusesAWeakSecret(String secret) {
        expectRefusal(serve(Map.of("JWT_SECRET_KEY", secret)), "JWT_SECRET_KEY", secret);
    }

    /** C1 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "kX2vN8qLr5TzW1yB7mHcJ4sD9fGpA3eU",
                "31415926535897932384626433832795", // digits of pi: entropy is not estimated
                "Zm9vYmFyIHRoaXMgaXMgbm90IHJhbmRvbSBidXQgbG9uZyBlbm91Z2gh",
                NASTY
            })
    void acceptsAStrongSecret(String secret) {
        // The key is accepted and the next setting refused.
        expectRefusal(serve(Map.of("JWT_SECRET_KEY", secret)), "DATABASE_URL", secret);
    }

    /** C2 */
    @ParameterizedTest
    @ValueSource(strings = {"JWT_SECRET_KEY", "DATABASE_URL", "POSTGRES_USER", "POSTGRES_PASSWORD"})
    void refusesToStartWithoutARequiredVariable(String variable) {
        expectRefusal(serve(Map.of(variable, "")), variable + " is not set", TestTokens.SECRET_KEY);
    }

    @ParameterizedTest
    @CsvSource({
        "DATABASE_LOGIN_TIMEOUT, 61s, DATABASE_LOGIN_TIMEOUT",
        "DATABASE_POOL_WAIT, 9999999d, DATABASE_POOL_WAIT",
        "BCRYPT_COST, 3, passwords.bcryptCost",
        "BCRYPT_COST, 17, passwords.bcryptCost",
        "BCRYPT_COST, twelve, passwords.bcryptCost",
        "PASSWORD_MINIMUM_LENGTH, 7, passwords.minimumLength",
        "ACCESS_TOKEN_LIFETIME, 59s, tokens.lifetime",
        "ACCESS_TOKEN_LIFETIME, 61m, tokens.lifetime",
        "ACCESS_TOKEN_LIFETIME, eternal, tokens.lifetime",
        "SESSION_IDLE_LIFETIME, 59s, sessions.idleLifetime",
        "SESSION_LIFETIME, 3651d, sessions.lifetime",
        "REFRESH_GRACE, 301s, sessions.refreshGrace",
        "REFRESH_GRACE, -1s, sessions.refreshGrace",
        "AUDIT_SECRET_KEY, 31-bytes-9vKq3LzPpW7cYtXr1nUeHs, AUDIT_SECRET_KEY",
        "AUDIT_SECRET_KEY, change-me-to-a-random-secret-of-32-bytes-or-more, AUDIT_SECRET_KEY",
        "AUDIT_RETENTION, -1, AUDIT_RETENTION",
        "AUDIT_RETENTION, 1201, AUDIT_RETENTION",
        "AUDIT_RETENTION, 1y, audit.retention",
        "MAIL, on, MAIL",
        "MAIL, smtp, MAIL_HOST",
        "MAIL, smtp, MAIL_FROM",
        "MAIL, mailbox, MAIL_LINKS",
        "MAIL_PORT, 0, mail.port",
        "MAIL_TLS, off, MAIL_TLS",
        "MAIL_USER, roster, MAIL_USER",
        "MAIL_PASSWORD, kX2vN8qL, MAIL_USER",
        "MAIL_FROM, roster, MAIL_FROM",
        "MAIL_FROM, 'Roster <a@b.example', MAIL_FROM",
        "MAIL_FROM, 'a@b.example, c@d.example', MAIL_FROM",
        "MAIL_LINKS, example.org/account, MAIL_LINKS",
        "MAIL_LINKS, ftp://example.org, MAIL_LINKS",
        "MAIL_LINKS, https:///account, MAIL_LINKS",
        "MAIL_LINKS, https://example.org/?a=b, MAIL_LINKS",
        "MAIL_LINKS, https://example.org/#a, MAIL_LINKS",
        "MAIL_LINKS, https://a:b@example.org/, MAIL_LINKS",
        "MAIL_LINKS, 'https://example.org/a b', MAIL_LINKS",
        "MAILS_PER_ADDRESS, -1, mail.perAddress",
        "MAILS_PER_CLIENT, many, mail.perClient",
        "RESET_LIFETIME, 59s, mail.resetLifetime",
        "RESET_LIFETIME, 25h, mail.resetLifetime",
        "EMAIL_VERIFICATION, on, EMAIL_VERIFICATION",
        "EMAIL_VERIFICATION, optional, EMAIL_VERIFICATION",
        "EMAIL_VERIFICATION, required, EMAIL_VERIFICATION",
        "VERIFICATION_LIFETIME, 59s, mail.verificationLifetime",
        "VERIFICATION_LIFETIME, 31d, mail.verificationLifetime",
        "REVERT_LIFETIME, 59m, mail.revertLifetime",
        "REVERT_LIFETIME, 91d, mail.revertLifetime",
        "DATABASE_URL, postgres://somewhere/db, DATABASE_URL",
        "READ_DATABASE_URL, postgres://somewhere/db, READ_DATABASE_URL",
        "FEED_DATABASE_URL, postgres://somewhere/db, FEED_DATABASE_URL",
        "DATABASE_URL, jdbc:postgresql://somewhere/db?options=-c%20search_path=x, DATABASE_URL",
        "READ_DATABASE_URL, jdbc:postgresql://somewhere/db?a=b&socketTimeout=0, READ_DATABASE_URL",
        "SHUTDOWN_DELAY, 301s, shutdownDelay",
        "DATABASE_COMMAND_CONNECTIONS, 0, database.commandConnections",
        "DATABASE_STARTUP_WAIT, 1h, database.startupWait",
        "DATABASE_SOCKET_TIMEOUT, 10ms, database.socketTimeout",
        "API_PORT, 65536, port",
        "API_PORT, eighty, port",
        "LOG_LEVEL, LOUD, LOG_LEVEL",
        "LOG_FORMAT, xml, LOG_FORMAT",
        "LOG_FORMAT, JSON, LOG_FORMAT",
        "IDLE_TIMEOUT, 999ms, connections.idleTimeout",
        "IDLE_TIMEOUT, 121m, connections.idleTimeout",
        "IDLE_TIMEOUT, never, connections.idleTimeout",
        "ALLOWED_HOSTS, *, ALLOWED_HOSTS",
        "ALLOWED_HOSTS, *.roster.example, ALLOWED_HOSTS",
        "ALLOWED_HOSTS, https://roster.example, ALLOWED_HOSTS",
        "ALLOWED_HOSTS, roster.example/, ALLOWED_HOSTS",
        "ALLOWED_HOSTS, röster.example, ALLOWED_HOSTS",
        "ALLOWED_HOSTS, roster.example:65536, ALLOWED_HOSTS",
        "ALLOWED_HOSTS, ::1, ALLOWED_HOSTS",
        "ALLOWED_HOSTS, 'roster.example,', ALLOWED_HOSTS",
        "ALLOWED_HOSTS, 'roster.example other.example', ALLOWED_HOSTS",
        "CORS_ORIGINS, *, CORS_ORIGINS",
        "CORS_ORIGINS, null, CORS_ORIGINS",
        "CORS_ORIGINS, roster.example, CORS_ORIGINS",
        "CORS_ORIGINS, //roster.example, CORS_ORIGINS",
        "CORS_ORIGINS, https://*.roster.example, CORS_ORIGINS",
        "CORS_ORIGINS, https://roster.example/, CORS_ORIGINS",
        "CORS_ORIGINS, https://roster.example/app, CORS_ORIGINS",
        "CORS_ORIGINS, https://roster.example?a, CORS_ORIGINS",
        "CORS_ORIGINS, https://user@roster.example, CORS_ORIGINS",
        "CORS_ORIGINS, https://Roster.example, CORS_ORIGINS",
        "CORS_ORIGINS, https://röster.example, CORS_ORIGINS",
        "CORS_ORIGINS, https://roster.example:443, CORS_ORIGINS",
        "CORS_ORIGINS, http://roster.example:80, CORS_ORIGINS",
        "CORS_ORIGINS, https://roster.example:65536, CORS_ORIGINS",
        "CORS_ORIGINS, https://roster.example:0443, CORS_ORIGINS",
        "CORS_ORIGINS, https://roster.example:, CORS_ORIGINS",
        "CORS_ORIGINS, 'https://roster.example,', CORS_ORIGINS",
        "CORS_ORIGINS, 'https://roster.example https://other.example', CORS_ORIGINS"
    })
    void refusesASettingThatIsOutOfRangeOrOfTheWrongType(String variable, String value, String named) {
        expectRefusal(serve(Map.of(variable, value)), named, "'" + value + "'");
    }

    /** The variable, what it may be, and an example. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REGISTRATIONS_AT_ONCE | -1 | REGISTRATIONS_AT_ONCE (limits.registrationsAtOnce): must be a"
                        + " whole number"
                        + " from 0 to 1000000, such as 100",
                "ACCESS_TOKEN_LIFETIME | 15 | ACCESS_TOKEN_LIFETIME (tokens.lifetime): must be a duration with"
                        + " its unit (ms, s, m, h or d) from 1m to 60m, such as 15m",
                "ACCESS_TOKEN_LIFETIME | 61m | ACCESS_TOKEN_LIFETIME (tokens.lifetime): must be a duration with"
                        + " its unit (ms, s, m, h or d) from 1m to 60m, such as 15m",
                "API_PORT | abc | API_PORT (server.applicationConnectors[0].port): must be a whole number from 1 to"
                        + " 65535, such as 8000",
                "ADMIN_PORT | 65536 | ADMIN_PORT (server.adminConnectors[0].port): must be a whole number from 1 to"
                        + " 65535, such as 8081",
                "MAX_CONNECTIONS | '[1' | MAX_CONNECTIONS (connections.maximum): must be a whole number from 10 to"
                        + " 1000000, such as 10000",
                "USER_CACHE | 'a: b' | USER_CACHE (userCache): must be a whole number from 0 to 10000000, such"
                        + " as 50000",
                "POSTGRES_USER | ' ' | POSTGRES_USER (database.user): must not be blank, such as roster",
                "JWT_ISSUER | ' ' | JWT_ISSUER (tokens.issuer): must not be blank, such as roster",
                "JWT_SECRET_KEY | x | JWT_SECRET_KEY: must be at least 32 bytes; generate it: openssl rand -base64 48",
                "HASH_WAIT | 9s | HASH_WAIT: must be less than EXCHANGE_TIMEOUT by 0.5 s, such as 5s and 9s",
                "FORWARDED_HEADER | Via | FORWARDED_HEADER (proxies.header): must be X-Forwarded-For or Forwarded",
                "TRUSTED_PROXIES | here | TRUSTED_PROXIES: must be addresses or networks such as 10.0.0.0/8,"
                        + " separated by"
                        + " commas",
                "ALLOWED_HOSTS | * | ALLOWED_HOSTS: must be host names or addresses, each with a port if only that one"
                        + " is allowed, separated by commas: roster.example.org,localhost:8000; * is not supported",
                "CORS_ORIGINS | app.example.org | CORS_ORIGINS: must be origins as browsers send them, separated by"
                        + " commas: scheme://host[:port] in lower case, without a path or the default port, such as"
                        + " https://app.example.org; * is not supported",
                "ADMIN_HOSTS | roster.internal:8081 | ADMIN_HOSTS: must be host names without ports, separated by"
                        + " commas, such as roster.internal,admin.example.org",
                "JWT_SECRET_KEY | abababababababababababababababababababab | JWT_SECRET_KEY: is easy to guess; generate"
                        + " it: openssl rand -base64 48",
                "AUDIT_SECRET_KEY | x | AUDIT_SECRET_KEY: must be at least 32 bytes; generate it: openssl rand -base64"
                        + " 48",
                "AUDIT_SECRET_KEY | abababababababababababababababababababab | AUDIT_SECRET_KEY: is easy to guess;"
                        + " generate it: openssl rand -base64 48",
                "REFRESH_GRACE | -1s | REFRESH_GRACE (sessions.refreshGrace): must be a duration with its unit (ms, s,"
                        + " m, h or d) of at most 5m, such as 10s",
                "LOG_FORMAT | xml | LOG_FORMAT (logFormat): must be text or json",
                "REGISTRATION | no | REGISTRATION (registration): must be open or closed",
                "DIRECTORY | ALL | DIRECTORY (directory): must be all or self",
                "SELF_ASSIGNABLE_ROLES | user,,admin | SELF_ASSIGNABLE_ROLES: must be roles of roles.all in config.yml,"
                        + " separated by commas, such as user",
                "LOG_LEVEL | LOUD | LOG_LEVEL: must be one of OFF, ERROR, WARN, INFO, DEBUG, TRACE, ALL",
                "DATABASE_URL | postgres://db/roster | DATABASE_URL (database.url): must begin with"
                        + " jdbc:postgresql: and"
                        + " have none of the parameters options, socketTimeout, connectTimeout and loginTimeout, which"
                        + " config.yml sets, as in jdbc:postgresql://localhost:5432/roster"
            })
    void aRefusedSettingIsToldInFull(String variable, String value, String line) {
        assertThat(serve(Map.of(variable, value)).errors())
                .isEqualTo("Roster does not start: " + line + System.lineSeparator());
    }

    /** The link in a mail opens an account. */
    @ParameterizedTest
    @ValueSource(strings = {"smtp.example.org", "10.0.0.1", "localhost.example.org", "::2", "0.0.0.0"})
    void refusesToSendMailsInPlainTextToAnotherMachine(String host) {
        assertThat(serve(Map.of(
                                "MAIL", "smtp",
                                "MAIL_HOST", host,
                                "MAIL_TLS", "none",
                                "MAIL_FROM", "no-reply@example.org",
                                "MAIL_LINKS", "https://example.org"))
                        .errors())
                .isEqualTo("Roster does not start: MAIL_TLS: may be none only with a MAIL_HOST on this machine, such as"
                        + " localhost: mails contain links that open accounts" + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.8.8.8", "::1"})
    void sendsMailsInPlainTextToThisMachineIfTold(String host) {
        // The settings are accepted and the database refused.
        expectRefusal(
                serve(Map.of(
                        "MAIL", "smtp",
                        "MAIL_HOST", host,
                        "MAIL_TLS", "none",
                        "MAIL_FROM", "Roster <no-reply@example.org>",
                        "MAIL_LINKS", "http://localhost:8000/account")),
                "DATABASE_URL",
                host);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JWT_SECRET_KEY | at least 32 random bytes; generate them: openssl rand -base64 48",
                "DATABASE_URL | the URL of the database, such as jdbc:postgresql://localhost:5432/roster",
                "POSTGRES_USER | a user of the database, such as roster",
                "POSTGRES_PASSWORD | the password of POSTGRES_USER"
            })
    void aMissingVariableIsToldWithItsNeed(String variable, String need) {
        assertThat(serve(Map.of(variable, "")).errors())
                .isEqualTo("Roster does not start: " + variable + " is not set: it needs " + need
                        + " (see .env.example)" + System.lineSeparator());
    }

    /** Settings that no variable feeds: a size, a switch, a duration and a number. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxRequestHeaderSize: 8KiB | maxRequestHeaderSize: 8"
                        + " | server.applicationConnectors[0].maxRequestHeaderSize: must be a size with its unit",
                "useServerHeader: false | useServerHeader: maybe"
                        + " | server.applicationConnectors[0].useServerHeader: must be true or false",
                "revocationFreshness: 1s | revocationFreshness: 1"
                        + " | tokens.revocationFreshness: must be a duration with its unit (ms, s, m, h or d) from"
                        + " 500ms to 3s",
                "sealInterval: 1s | sealInterval: 2h"
                        + " | audit.sealInterval: must be a duration with its unit (ms, s, m, h or d) from 10ms to 1h",
                "adminMinThreads: 1 | adminMinThreads: 0 | server.adminMinThreads: must be a whole number of at least 1"
            })
    void aRefusedSettingWithoutAVariableIsToldWithItsForm(String correct, String wrong, String line)
            throws IOException {
        String configuration = Files.readString(Path.of("config.yml"));
        assertThat(configuration).contains(correct);
        Path file = Files.writeString(directory.resolve("config.yml"), configuration.replace(correct, wrong));

        assertThat(CommandLine.run(environment(Map.of()), "server", file.toString())
                        .errors())
                .startsWith("Roster does not start: " + line)
                .hasLineCount(1);
    }

    /** Dropwizard itself reads some of them. */
    @Test
    void everyNumberAndDurationIsToldWithItsVariableFormAndDefault() throws IOException {
        Map<String, String> defaults = new HashMap<>();
        Pattern.compile("\\$\\{([A-Z_]+):-([0-9]+(?:ms|s|m|h|d)?)}")
                .matcher(Files.readString(Path.of("config.yml")))
                .results()
                .forEach(use -> defaults.put(use.group(1), use.group(2)));

        assertThat(defaults).hasSizeGreaterThan(25).allSatisfy((variable, standard) -> {
            String kind = standard.matches("[0-9]+") ? "a whole number" : "a duration with its unit (ms, s, m, h or d)";
            assertThat(serve(Map.of(variable, "abc")).errors())
                    .startsWith("Roster does not start: " + variable + " (")
                    .contains("): must be " + kind)
                    .endsWith(", such as " + standard + System.lineSeparator())
                    .hasLineCount(1);
        });
    }

    @Test
    void allRefusedSettingsAreToldAtOnce() {
        assertThat(serve(Map.of("BCRYPT_COST", "3", "REFRESHES", "-1")).errors())
                .isEqualTo("Roster does not start: BCRYPT_COST (passwords.bcryptCost): must be a whole number from 4 to"
                        + " 16, such as 12; REFRESHES (limits.refreshes): must be a whole number from 0 to 1000000,"
                        + " such as 60" + System.lineSeparator());
    }

    /** C3 */
    @ParameterizedTest
    @CsvSource({
        "passwords:, passwordz:, passwordz",
        "bcryptCost, bcryptKost, passwords.bcryptKost",
        "'roles:', 'tokens2: {}\nroles:', tokens2",
        "'issuer: ', 'issuer: [1] #', tokens.issuer",
        "'user,admin}\"', 'user,nobody}\"', SELF_ASSIGNABLE_ROLES"
    })
    void refusesAMisspelledConfiguration(String correct, String misspelt, String named) throws IOException {
        String configuration = Files.readString(Path.of("config.yml"));
        assertThat(configuration).contains(correct);
        Path file = Files.writeString(directory.resolve("config.yml"), configuration.replace(correct, misspelt));

        expectRefusal(CommandLine.run(environment(Map.of()), "server", file.toString()), named, TestTokens.SECRET_KEY);
    }

    /** C1: the invalid line contains the secret. */
    @Test
    void showsNothingOfAnInvalidLine() throws IOException {
        String configuration = Files.readString(Path.of("config.yml"));
        Path file = Files.writeString(
                directory.resolve("config.yml"),
                configuration.replace("secretKey: \"${JWT_SECRET_KEY}\"", "secretKey: \"${JWT_SECRET_KEY}\" x"));

        expectRefusal(
                CommandLine.run(environment(Map.of()), "server", file.toString()),
                "Malformed YAML at line",
                TestTokens.SECRET_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "db migrate", "db status"})
    void requiresAConfigurationFile(String command) {
        expectRefusal(CommandLine.run(environment(Map.of()), command.split(" ")), "config.yml", "Exception");
    }

    @Test
    void namesAMissingConfigurationFile() {
        expectRefusal(CommandLine.run(environment(Map.of()), "server", "none.yml"), "none.yml", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server config.yml", "db migrate config.yml", "db status config.yml"})
    void stopsWaitingForADatabaseAfterTheConfiguredTime(String command) {
        expectRefusal(CommandLine.run(environment(Map.of()), command.split(" ")), "DATABASE_URL", "127.0.0.1");
    }

    @Test
    void refusesAHostThatDoesNotExist() {
        expectRefusal(
                serve(Map.of("DATABASE_URL", "jdbc:postgresql://roster.invalid/roster")),
                "DATABASE_URL",
                "roster.invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server config.yml", "db migrate config.yml"})
    void refusesAWrongDatabasePassword(String command) {
        Outcome outcome = CommandLine.run(onPostgres("", "wr0ng"), command.split(" "));

        expectRefusal(outcome, "POSTGRES_PASSWORD", "wr0ng");
    }

    @Test
    void acceptsADatabasePasswordOfAnyCharacters() {
        Outcome outcome = CommandLine.run(onPostgres("", NASTY), "server", "config.yml");

        expectRefusal(outcome, "its schema lacks", NASTY); // so it has connected
    }

    @Test
    void refusesAMissingDatabase() {
        Outcome outcome = CommandLine.run(onPostgres("_of_another_name", NASTY), "server", "config.yml");

        expectRefusal(outcome, "DATABASE_URL: there is no such database", "_of_another_name");
    }

    @Test
    void namesTheMissingChangeSetAndTheCommandThatAppliesIt() {
        TestDatabase database = TestDatabase.migrated();
        database.jdbi()
                .useHandle(handle -> handle.execute("DELETE FROM databasechangelog WHERE id = 'create-sessions'"));

        Outcome outcome = CommandLine.run(database.variables(Map.of()), "server", "config.yml");

        expectRefusal(
                outcome,
                "lacks create-sessions; mend it with: java -jar roster.jar db migrate config.yml",
                "create-users");
    }

    /** As behind a transaction-mode pooler, which accepts LISTEN and drops it. */
    @Test
    void refusesAFeedThatReceivesNoNotifications() {
        TestDatabase database = TestDatabase.migrated();
        String another = TestDatabase.migrated().url();

        Outcome outcome = CommandLine.run(
                database.variables(Map.of("FEED_DATABASE_URL", another, "DATABASE_STARTUP_WAIT", "0s")),
                "server",
                "config.yml");

        expectRefusal(outcome, "FEED_DATABASE_URL, or DATABASE_URL: the change feed does not start", another);
        assertThat(outcome.errors()).contains("not through a transaction-mode pooler");
    }

    @Test
    void refusesAFeedWhoseDatabaseDoesNotAnswer() {
        String nowhere = "jdbc:postgresql://127.0.0.1:" + closedPort() + "/roster";

        Outcome outcome = CommandLine.run(
                TestDatabase.migrated().variables(Map.of("FEED_DATABASE_URL", nowhere, "DATABASE_STARTUP_WAIT", "0s")),
                "server",
                "config.yml");

        expectRefusal(
                outcome,
                "the change feed does not start: no server answers: nothing listens there (SQLSTATE 08001)",
                "127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "serv config.yml extra", "db", "db fly config.yml", "--port 80"})
    void printsUsageForAnUnknownCommand(String command) {
        Outcome outcome = CommandLine.run(environment(Map.of()), command.split(" "));

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.errors()).contains("usage: java -jar ").doesNotContain("Exception", "\tat ");
    }

    private static Outcome serve(Map<String, String> more) {
        return CommandLine.run(environment(more), "server", "config.yml");
    }

    /** An environment with every required variable and a database that does not answer. */
    private static Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + closedPort() + "/roster");
        environment.put("DATABASE_STARTUP_WAIT", "0s");
        environment.put("POSTGRES_USER", "postgres");
        environment.put("POSTGRES_PASSWORD", "any");
        environment.put("JWT_SECRET_KEY", TestTokens.SECRET_KEY);
        environment.putAll(more);
        return environment;
    }

    private static Map<String, String> onPostgres(String urlSuffix, String password) {
        return environment(Map.of(
                "DATABASE_URL",
                POSTGRES.url() + urlSuffix,
                "DATABASE_STARTUP_WAIT",
                "30s",
                "POSTGRES_USER",
                "nasty",
                "POSTGRES_PASSWORD",
                password));
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void expectRefusal(Outcome outcome, String named, String hidden) {
        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.errors())
                .startsWith("Roster does not start: ")
                .contains(named)
                .doesNotContain(hidden)
                .hasLineCount(1);
        assertThat(outcome.output()).isEmpty();
    }
}
