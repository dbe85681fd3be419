package dev.roster.database.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.ConsoleLog;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node with two hosts in DATABASE_URL, each behind a link, while the standby is promoted. */
class FailoverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Far longer than {@link #PATIENCE}: a request that waits for a silent server fails the test. */
    private static final String LONG = "60s";

    private final PrivatePostgres first = new PrivatePostgres();
    private final TestDatabase database = TestDatabase.migrated(first);
    private final PrivatePostgres second = PrivatePostgres.standbyOf(first);
    private final Link toFirst = Link.to(database.url());
    private final Link toSecond = Link.to(database.url(second));
    private final RosterExtension roster = new RosterExtension()
            .on(database)
            .with("DATABASE_URL", hosts(toFirst, toSecond))
            .with("USER_CACHE", "0")
            .with("DATABASE_POOL_WAIT", LONG)
            .with("DATABASE_SOCKET_TIMEOUT", LONG)
            .with("DATABASE_STATEMENT_TIMEOUT", LONG);

    private final List<AutoCloseable> toStop = new ArrayList<>(List.of(first, second, toFirst, toSecond));

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable started : toStop) {
            started.close();
        }
    }

    @Test
    void nodeFollowsThePromotedStandby() throws Exception {
        start();
        TestUser user = api().newUser();
        assertThat(epochs(first)).containsExactly("1");
        second.awaitReplayOf(first);

        try (ConsoleLog console = new ConsoleLog()) {
            second.promote();
            awaitTimeline(2);

            assertThat(console.linesUntil(1, line -> line.contains("SECURITY primary_changed:")))
                    .anyMatch(line ->
                            line.endsWith("SECURITY primary_changed: timeline 2, host 2 of 2; before: timeline 1"));
        }
        Poll.until("written", PATIENCE, () -> rename(user, "Changed").status() == 200);
        assertThat(name(user, second)).isEqualTo("Changed");
        assertThat(name(user, first)).isEqualTo("A Person");
        Poll.until("noted", PATIENCE, () -> epochs(second).equals(List.of("1", "2")));
        assertThat(epochs(first)).containsExactly("1");
        assertThat(firstPosition()).isNotEqualTo("0/0");
        awaitHealth(200, "");
        assertThat(roster.count("roster_primary_changes_total")).isOne();
    }

    /** The silent server answers once another has taken over. Its answers come too late. */
    @Test
    void answersOfTheOldPrimaryAreNotUsed() throws Exception {
        start();
        TestUser user = api().newUser();
        second.awaitReplayOf(first);
        toFirst.halfOpen();
        CompletableFuture<Reply> write = CompletableFuture.supplyAsync(() -> rename(user, "Lost"));
        CompletableFuture<Reply> read = CompletableFuture.supplyAsync(() -> api().get(user.path(), user.token()));

        second.promote();
        awaitTimeline(2);

        write.get().expectProblem(503, "unavailable");
        read.get().expectProblem(503, "unavailable");
        toFirst.restore();
        Poll.until("written", PATIENCE, () -> rename(user, "Kept").status() == 200);
        for (int i = 0; i < 20; i++) {
            assertThat(api().get(user.path(), user.token()).expect(200).text()).contains("Kept");
        }
    }

    @Test
    void oldPrimaryThatComesBackIsNotUsed() throws Exception {
        start();
        TestUser user = api().newUser();
        second.awaitReplayOf(first);
        second.promote();
        awaitTimeline(2);
        toSecond.cut();
        first.stop();
        first.start();

        for (int i = 0; i < 20; i++) {
            api().get(user.path(), user.token()).expectProblem(503, "unavailable");
        }
        awaitHealth(503, "it cannot be connected to");

        toSecond.restore();
        awaitHealth(200, "");
        Poll.until("written", PATIENCE, () -> rename(user, "Kept").status() == 200);
        assertThat(name(user, second)).isEqualTo("Kept");
    }

    /** The watch asks a silent host on a thread of its own. */
    @Test
    void silentHostDelaysNoRequest() throws Exception {
        roster.with("DATABASE_LOGIN_TIMEOUT", LONG).with("DATABASE_CONNECT_TIMEOUT", LONG);
        roster.with("DATABASE_URL", hosts(toSecond, toFirst)); // the standby is the first
        start();
        TestUser user = api().newUser();
        toSecond.halfOpen();
        endSessions(); // so that requests need new connections

        Poll.until("written", PATIENCE, () -> rename(user, "Changed").status() == 200);
        Poll.until("read", PATIENCE, () -> api().get(user.path(), user.token()).status() == 200);
    }

    @Test
    void twoPrimariesOfOneTimelineAreNotUsed() throws Exception {
        PrivatePostgres twin = PrivatePostgres.twinOf(first);
        toStop.add(0, twin);
        Link toTwin = Link.to(database.url(twin));
        toStop.add(toTwin);
        toTwin.cut();
        roster.with("DATABASE_URL", hosts(toFirst, toTwin));
        start();
        TestUser user = api().newUser();

        toTwin.restore();
        awaitHealth(503, "2 servers claim to be the primary on timeline 1");
        api().get(user.path(), user.token()).expectProblem(503, "unavailable");
        rename(user, "Lost").expectProblem(503, "unavailable");

        toTwin.cut();
        awaitHealth(200, "");
        Poll.until("written", PATIENCE, () -> rename(user, "Kept").status() == 200);
        assertThat(name(user, first)).isEqualTo("Kept");
    }

    @Test
    void oneAddressThatIsDemotedServesNothing() throws Exception {
        roster.with("DATABASE_URL", database.url());
        start();
        TestUser user = api().newUser();

        first.demote();
        awaitHealth(503, "it is read-only: it is a replica, or was not promoted");
        api().get(user.path(), user.token()).expectProblem(503, "unavailable");

        first.promote();
        awaitTimeline(2);
        awaitHealth(200, "");
        Poll.until("written", PATIENCE, () -> rename(user, "Kept").status() == 200);
    }

    @Test
    void commandsFindThePrimary() {
        second.awaitReplayOf(first);
        second.promote();
        first.demote();
        Map<String, String> environment = database.variables(Map.of("DATABASE_URL", hosts(toFirst, toSecond)));

        for (String command : List.of("list-blocklist", "audit-verify")) {
            Outcome outcome = CommandLine.run(environment, command, "config.yml");
            assertThat(outcome.failed()).as(outcome.errors()).isFalse();
        }
        Outcome migrated = migrate(environment);
        assertThat(migrated.failed()).as(migrated.errors()).isFalse();
    }

    @Test
    void commandsRefuseHostsOfWhichNoneIsThePrimary() {
        first.demote();
        Map<String, String> environment =
                database.variables(Map.of("DATABASE_URL", hosts(toFirst, toSecond), "DATABASE_STARTUP_WAIT", "0s"));

        for (String[] command : new String[][] {{"list-blocklist"}, {"db", "migrate"}}) {
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.add("config.yml");
            Outcome outcome = CommandLine.run(environment, arguments.toArray(String[]::new));

            assertThat(outcome.failed()).isTrue();
            assertThat(outcome.errors().strip())
                    .contains("DATABASE_URL: it is read-only: it is a replica, or was not promoted")
                    .hasLineCount(1);
        }
    }

    /** The migration waits for a lock on the server that goes. */
    @Test
    void migrationDuringASwitchoverEndsInOneLineAndCanBeRepeated() throws Exception {
        TestDatabase empty = TestDatabase.empty(first);
        Link toFirstEmpty = Link.to(empty.url());
        Link toSecondEmpty = Link.to(empty.url(second));
        toStop.addAll(List.of(toFirstEmpty, toSecondEmpty));
        Map<String, String> environment = empty.variables(Map.of("DATABASE_URL", hosts(toFirstEmpty, toSecondEmpty)));
        CompletableFuture<Outcome> migration;
        try (Connection operator = DriverManager.getConnection(empty.url(), empty.user(), empty.password());
                Statement statement = operator.createStatement()) {
            operator.setAutoCommit(false);
            statement.execute("CREATE TABLE sessions (id int)"); // the migration waits for the end of this transaction
            migration = CompletableFuture.supplyAsync(() -> migrate(environment));
            Poll.until("it waits", PATIENCE, () -> strings(first, "SELECT 1 FROM pg_locks WHERE NOT granted")
                    .equals(List.of("1")));
            second.awaitReplayOf(first);
            first.stop();
        }
        second.promote();

        Outcome cut = migration.get();
        assertThat(cut.failed()).isTrue();
        assertThat(cut.errors().strip()).hasLineCount(1);
        Outcome repeated = migrate(environment);
        assertThat(repeated.failed()).as(repeated.errors()).isFalse();
        int changeSets = empty.jdbi(second).withHandle(handle -> handle.createQuery(
                        "SELECT count(*) FROM databasechangelog WHERE id = 'create-epochs'")
                .mapTo(Integer.class)
                .one());
        assertThat(changeSets).isOne();
    }

    private static Outcome migrate(Map<String, String> environment) {
        return CommandLine.run(environment, "db", "migrate", "config.yml");
    }

    private void start() throws Exception {
        roster.start();
        toStop.add(0, roster::stop);
        awaitHealth(200, "");
    }

    private Api api() {
        return roster.api().within(PATIENCE);
    }

    private Reply rename(TestUser user, String name) {
        return api().put(user.path(), user.token(), Map.of("name", name));
    }

    private String name(TestUser user, PrivatePostgres server) {
        return strings(server, "SELECT name FROM users WHERE id = '" + user.id() + "'")
                .get(0);
    }

    private List<String> epochs(PrivatePostgres server) {
        return strings(server, "SELECT timeline FROM epochs ORDER BY timeline");
    }

    private String firstPosition() {
        return strings(second, "SELECT first_lsn FROM epochs WHERE timeline = 2")
                .get(0);
    }

    private void endSessions() {
        strings(first, """
                SELECT pg_terminate_backend(pid)
                  FROM pg_stat_activity
                 WHERE application_name IN ('roster-commands', 'roster-queries')
                """);
    }

    private List<String> strings(PrivatePostgres server, String sql) {
        return database.jdbi(server)
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    private void awaitTimeline(int timeline) {
        Poll.until("timeline " + timeline, PATIENCE, () -> roster.count("roster_primary_timeline") == timeline);
    }

    private void awaitHealth(int status, String message) {
        Poll.until("health " + status + " " + message, PATIENCE, () -> {
            Reply health = new Api(roster.admin()).raw("GET", "/healthcheck");
            return health.status() == status
                    && health.body().path("database").path("message").asText().startsWith(message);
        });
    }

    private static String hosts(Link one, Link other) {
        String second = other.url().replaceFirst("^jdbc:postgresql://", "").replaceFirst("/.*", "");
        return one.url().replaceFirst("(//[^/]+)/", "$1," + second + "/") + "?targetServerType=primary";
    }
}
