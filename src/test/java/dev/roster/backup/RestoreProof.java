package dev.roster.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.BackedUpPostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/backup.md} says: both ways to restore, what comes back with the restored database, and that {@code
 * end-all-sessions} ends it. Its name keeps it out of {@code mvn verify}, because it needs PostgreSQL's programs.
 */
class RestoreProof {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NEW_PASSWORD = "Another-Horse-9";
    private static final Pattern HEAD = Pattern.compile("head (\\S+)");

    private static BackedUpPostgres postgres;

    private final List<RosterExtension> nodes = new ArrayList<>();

    @BeforeAll
    static void startPostgres() {
        postgres = new BackedUpPostgres();
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(RosterExtension::stop);
    }

    @Test
    void dumpIsRestoredIntoANewDatabase() throws Exception {
        TestDatabase database = postgres.createDatabase("dumped");
        expectDone(run(database, "db", "migrate", "config.yml"));
        Api api = start(database).api();
        People people = new People(api);
        String dump = postgres.file("roster.dump").toString();

        postgres.run("pg_dump", "--format=custom", "--file=" + dump, postgres.connectionString("dumped"));
        Lost lost = people.live();
        awaitSealed(database);
        String head = head(run(database, "audit-verify", "config.yml"));
        TestDatabase restored = postgres.createDatabase("restored");
        postgres.run(
                "pg_restore",
                "--exit-on-error",
                "--single-transaction",
                "--dbname=" + postgres.connectionString("restored"),
                dump);
        postgres.run("vacuumdb", "--analyze", "--dbname=" + postgres.connectionString("restored"));

        Api after = start(restored).api();
        people.expectForgottenRevocations(after);
        people.expectThePast(after, lost);
        expectDone(run(restored, "audit-verify", "config.yml"));
        // The second, once the restored service has sealed as often.
        assertThat(run(restored, "audit-verify", "config.yml", "--head", head).output())
                .containsPattern("seals? \\d+.* missing|is not the one that was noted");
        endAllSessions(restored);
        people.expectEverybodyLoggedOut(after, lost);
        people.expectThePasswordsOfTheBackup(after);
        people.expectDeletedUserWorks(after);
    }

    /** A node that runs all the time, and one that starts afterwards. */
    @Test
    void databaseIsRecoveredAsOfAMoment() throws Exception {
        TestDatabase database = postgres.createDatabase("recovered");
        expectDone(run(database, "db", "migrate", "config.yml"));
        RosterExtension running = start(database);
        Api api = running.api();
        Path base = postgres.file("base");
        postgres.run(
                "pg_basebackup",
                "--dbname=" + postgres.superuserString("recovered"),
                "--pgdata=" + base,
                "--checkpoint=fast",
                "--wal-method=stream");
        People people = new People(api); // after the base backup: the archive has them
        String moment = database.jdbi().withHandle(handle -> handle.createQuery("SELECT clock_timestamp()::text")
                .mapTo(String.class)
                .one());
        Lost lost = people.live();
        database.jdbi().useHandle(handle -> handle.execute("DELETE FROM users")); // the mistake
        postgres.awaitArchived();

        postgres.recover(base, moment);

        Poll.until("the feed works again", PATIENCE, () -> running.count("roster_feed_fresh") == 1);
        // Each pool connects again on its own, some moments after the feed or before it.
        Poll.until(
                "reads work again",
                PATIENCE,
                () -> api.get(people.renamed.path(), people.renamed.token()).status() == 200);
        Poll.until(
                "commands work again",
                PATIENCE,
                () -> api.refresh(lost.session().refreshToken()).status() == 401);
        assertThat(timeline(database)).isEqualTo(2);
        // It keeps what it has heard, but no user of the time that is lost.
        api.get("/users/me", lost.loggedOut()).expectInvalidToken();
        assertThat(name(api, people.renamed)).isEqualTo("A Person");
        Api after = start(database).api();
        people.expectRememberedRevocations(after);
        people.expectThePast(after, lost);
        expectDone(run(database, "audit-verify", "config.yml"));
        endAllSessions(database);
        for (Api node : List.of(api, after)) {
            people.expectEverybodyLoggedOut(node, lost);
        }
        people.expectThePasswordsOfTheBackup(after);
        people.expectDeletedUserIsRevoked(after);
    }

    private RosterExtension start(TestDatabase database) throws Exception {
        RosterExtension node = new RosterExtension().on(database);
        node.start();
        nodes.add(node);
        return node;
    }

    private static void endAllSessions(TestDatabase database) {
        Outcome outcome = run(database, "end-all-sessions", "config.yml", "--yes");
        expectDone(outcome);
        assertThat(outcome.output())
                .matches("ended \\d+ sessions of \\d+ users; every access token issued until \\S+ is refused\n");
    }

    private static Outcome run(TestDatabase database, String... arguments) {
        return CommandLine.run(database.variables(Map.of()), arguments);
    }

    private static void expectDone(Outcome outcome) {
        assertThat(outcome.failed()).as(outcome.errors() + outcome.output()).isFalse();
    }

    private static void awaitSealed(TestDatabase database) {
        Poll.until("all events are sealed", PATIENCE, () -> database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT NOT EXISTS (SELECT FROM audit_unsealed)")
                        .mapTo(Boolean.class)
                        .one()));
    }

    private static String head(Outcome verified) {
        Matcher matcher = HEAD.matcher(verified.output());
        assertThat(matcher.find()).as(verified.output()).isTrue();
        return matcher.group(1);
    }

    private static int timeline(TestDatabase database) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT timeline_id FROM pg_control_checkpoint()")
                        .mapTo(Integer.class)
                        .one());
    }

    private static String name(Api api, TestUser user) {
        return api.get(user.path(), user.token())
                .expect(200)
                .body()
                .path("name")
                .asText();
    }

    /** Users whom the backup knows. Afterwards, each does something that the restored database does not know. */
    private static final class People {
        private final Api api;
        private final TestUser bystander;
        private final TestUser loggedOut;
        private final TestUser refreshed;
        private final TestSession session;
        private final TestUser withNewPassword;
        private final TestUser renamed;
        private final TestUser deleted;

        People(Api api) {
            this.api = api;
            this.bystander = api.newUser();
            this.loggedOut = api.newUser();
            this.refreshed = api.newUser();
            this.session = api.newSession(refreshed);
            this.withNewPassword = api.newUser();
            this.renamed = api.newUser();
            this.deleted = api.newUser();
        }

        Lost live() {
            api.logout(loggedOut.token()).expect(204);
            TestSession next = api.refreshed(session.refreshToken());
            api.put(
                            withNewPassword.path(),
                            withNewPassword.token(),
                            Map.of("password", NEW_PASSWORD, "current_password", Api.PASSWORD))
                    .expect(200);
            Reply change = api.put(renamed.path(), renamed.token(), Map.of("name", "Renamed"))
                    .expect(200);
            api.delete(deleted.path(), deleted.token()).expect(204);
            TestUser registered = api.newUser();
            return new Lost(
                    loggedOut.token(),
                    next,
                    registered,
                    api.newSession(bystander),
                    String.valueOf(change.header("ETag")),
                    String.valueOf(change.header("Consistency-Token")));
        }

        /** No node has run through the restore. */
        void expectForgottenRevocations(Api node) {
            node.get("/users/me", loggedOut.token()).expect(200);
            node.get("/users/me", deleted.token()).expect(200);
        }

        /** A node that has run through the recovery has written them again. */
        void expectRememberedRevocations(Api node) {
            node.get("/users/me", loggedOut.token()).expectInvalidToken();
            node.get("/users/me", deleted.token()).expectInvalidToken();
        }

        void expectDeletedUserWorks(Api node) {
            node.get("/users/me", node.newToken(deleted.email())).expect(200);
        }

        /** The user is back, and revoked until the last token of the time before has expired. */
        void expectDeletedUserIsRevoked(Api node) {
            node.get("/users/me", node.newToken(deleted.email())).expectInvalidToken();
        }

        /** What the document warns of. */
        void expectThePast(Api node, Lost lost) {
            // Users and sessions that the database does not know: their access tokens still read.
            node.get("/users/me", lost.registered().token()).expectInvalidToken();
            node.get(bystander.path(), lost.registered().token()).expect(200);
            node.get("/users/me", lost.session().accessToken()).expect(200);
            node.refresh(lost.session().refreshToken()).expectProblem(401, "invalid-token");
            // A refresh after the backup looks like theft.
            node.refresh(lost.refreshed().refreshToken()).expectProblem(401, "invalid-token");
            node.get("/users/me", lost.refreshed().accessToken()).expectInvalidToken();
            // The old password opens the account, the new one does not.
            node.login(withNewPassword.email(), NEW_PASSWORD).expectProblem(401, "invalid-credentials");
            node.login(withNewPassword.email(), Api.PASSWORD).expect(200);
            // Data are those of the backup. A version is given a second time, and with it an entity tag.
            assertThat(name(node, renamed)).isEqualTo("A Person");
            Reply again = node.put(renamed.path(), renamed.token(), Map.of("name", "Renamed Again"))
                    .expect(200);
            assertThat(again.header("ETag")).isEqualTo(lost.entityTag());
            // A position in the lost log is no error.
            node.send(node.request(renamed.path(), renamed.token())
                            .header("Consistency-Token", lost.consistencyToken())
                            .GET())
                    .expect(200);
        }

        void expectEverybodyLoggedOut(Api node, Lost lost) {
            for (String token : List.of(
                    bystander.token(),
                    loggedOut.token(),
                    deleted.token(),
                    lost.registered().token(),
                    lost.session().accessToken(),
                    lost.refreshed().accessToken())) {
                Poll.until(
                        "the token is refused",
                        PATIENCE,
                        () -> node.get(bystander.path(), token).status() == 401);
            }
            for (TestSession known : List.of(session, lost.session(), lost.refreshed())) {
                node.refresh(known.refreshToken()).expectProblem(401, "invalid-token");
            }
        }

        void expectThePasswordsOfTheBackup(Api node) {
            for (TestUser user : List.of(bystander, loggedOut, withNewPassword)) {
                Poll.until(
                        "a login works",
                        PATIENCE,
                        () -> node.get("/users/me", node.newToken(user.email())).status() == 200);
            }
        }
    }

    /**
     * What happened after the backup.
     *
     * @param loggedOut the access token of a session that was logged out
     * @param refreshed the successors of a session's tokens
     * @param registered a new user
     * @param session a new session
     */
    private record Lost(
            String loggedOut,
            TestSession refreshed,
            TestUser registered,
            TestSession session,
            String entityTag,
            String consistencyToken) {}
}
