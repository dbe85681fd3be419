package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestClock;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** N6: a machine with a wrong clock, beside a right one. */
class WrongClockIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension RIGHT = new RosterExtension().on(DATABASE);

    private final RosterExtension wrong = new RosterExtension().on(DATABASE);
    private final TestUser loggedOut = RIGHT.api().newUser();
    private final TestUser deleted = RIGHT.api().newUser();
    private final TestUser bystander = RIGHT.api().newUser();

    @AfterEach
    void stop() {
        wrong.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-30M", "PT30M", "P-400D", "P400D"})
    void revocationsOfANodeWithAWrongClockOutlastItsRestart(Duration skew) throws Exception {
        start(skew);
        wrong.api().logout(loggedOut.token()).expect(204);
        wrong.api().delete(deleted.path(), deleted.token()).expect(204);

        wrong.stop();
        wrong.start();

        for (Api api : List.of(wrong.api(), RIGHT.api())) {
            api.get("/users/me", loggedOut.token()).expectInvalidToken();
            api.get("/users/me", deleted.token()).expectInvalidToken();
            api.get("/users/me", bystander.token()).expect(200);
        }
        assertThat(secondsUntilExpiry()).hasSize(3).allMatch(seconds -> seconds > 890 && seconds <= 965);
    }

    /** The purge of one node deletes for all. */
    @ParameterizedTest
    @ValueSource(strings = {"P-400D", "P400D"})
    void nodeWithAWrongClockPurgesNothingThatIsStillNeeded(Duration skew) throws Exception {
        String needed = UUID.randomUUID().toString();
        DATABASE.jdbi().useHandle(handle -> {
            handle.execute("INSERT INTO request_limits VALUES (?, now() + interval '1 min')", needed);
            handle.execute("INSERT INTO failure_limits VALUES (?, 3, now(), now() + interval '1 min')", needed);
            handle.execute(
                    "INSERT INTO spent_refresh_tokens VALUES (?::uuid, ?, 'x', now() + interval '1 min')",
                    TestTokens.read(bystander.token()).path("sid").asText(),
                    needed);
        });
        RIGHT.api().logout(loggedOut.token()).expect(204);
        start(skew);

        String purged = new Api(wrong.admin())
                .raw("POST", "/tasks/purge")
                .expect(200)
                .text()
                .strip();

        assertThat(purged).isEqualTo("purged 0 rows");
        assertThat(secondsUntilExpiry()).hasSize(2);
        RIGHT.api().get("/users/me", loggedOut.token()).expectInvalidToken();
        RIGHT.api().get("/users/me", bystander.token()).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"end-sessions", "delete-user"})
    void commandOnAMachineWithAWrongClockRevokesForLongEnough(String command) throws Exception {
        start(Duration.ZERO);
        TestClock clock = new TestClock();
        clock.advance(Duration.ofDays(-400));

        Outcome outcome = CommandLine.run(
                DATABASE.variables(Map.of()),
                clock,
                command,
                "config.yml",
                loggedOut.id().toString());

        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
        assertThat(secondsUntilExpiry()).hasSize(1).allMatch(seconds -> seconds > 3600 && seconds <= 3665);
        List<Boolean> recordedNow = DATABASE.jdbi().withHandle(handle -> handle.createQuery("""
                                SELECT occurred_at BETWEEN now() - interval '1 min' AND now() + interval '1 min'
                                  FROM audit_events
                                 WHERE target_id = :id AND details = 'by_operator'
                                """)
                .bind("id", loggedOut.id())
                .mapTo(Boolean.class)
                .list());
        assertThat(recordedNow).containsExactly(true);
    }

    /** A session's times are the database's, too. */
    @Test
    void sessionsOfANodeWithAWrongClockEndWhenOthersDo() throws Exception {
        start(Duration.ofDays(400));

        Api.TestSession session = wrong.api().newSession(bystander);
        Api.TestSession refreshed = RIGHT.api().refreshed(session.refreshToken());

        RIGHT.api().get("/users/me", session.accessToken()).expect(200);
        wrong.api().get("/users/me", refreshed.accessToken()).expect(200);
    }

    private void start(Duration skew) throws Exception {
        wrong.clock().advance(skew);
        wrong.start();
    }

    /** Of the revocations that these users' tokens have. */
    private List<Long> secondsUntilExpiry() {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT extract(epoch FROM expires_at - now())::bigint
                          FROM token_blocklist
                         WHERE user_id IN (:loggedOut, :deleted)
                        """)
                .bind("loggedOut", loggedOut.id())
                .bind("deleted", deleted.id())
                .mapTo(Long.class)
                .list());
    }
}
