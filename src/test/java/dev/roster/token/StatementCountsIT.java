package dev.roster.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.StatementProxy;
import dev.roster.support.http.Api;
import dev.roster.user.StoredUser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The round trips to the database of each request, and the statements in each, read off the wire. POSITION stands for
 * a query that returns a position in the write-ahead log, EVENT for an insert into the audit trail.
 */
class StatementCountsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final StatementProxy PROXY = StatementProxy.before(DATABASE);
    private static final String EVENT = "EVENT";
    private static final String COMMIT = "SET COMMIT POSITION";
    private static final Pattern SPACE = Pattern.compile("\\s+");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_URL", PROXY.url())
            .with("FEED_DATABASE_URL", DATABASE.url())
            .with("LOGIN_FAILURES", "10")
            .with("LOGIN_FAILURES_ANYWHERE", "100")
            .with("ADDRESS_FAILURES", "60")
            .with("REGISTRATIONS", "6000")
            .with("REFRESHES", "60")
            .with("LOGINS", "20")
            .with("CHANGES", "20")
            .with("CHANGES_AT_ONCE", "5")
            .set("audit.sealInterval", "1h")
            .set("tokens.revocationFreshness", "3s"); // so that a short pause of the machine adds no statements

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    @Test
    void firstReadOfAUserTakesOneStatementAndNoneForItsToken() {
        List<List<String>> roundTrips =
                PROXY.during(() -> api.get(user.path(), user.token()).expect(200));

        assertThat(roundTrips).hasSize(1);
        assertThat(roundTrips.get(0)).hasSize(1);
        assertThat(SPACE.matcher(roundTrips.get(0).get(0)).replaceAll(" "))
                .isEqualTo("SELECT" + StoredUser.COLUMNS + "FROM users WHERE id = $1");
    }

    @Test
    void repeatedReadOfAUserTakesNoStatement() {
        Api.TestUser other = api.newUser();
        api.get(user.path(), user.token()).expect(200);

        assertThat(during(() -> {
                    for (int i = 0; i < 50; i++) {
                        api.get("/users/me", user.token()).expect(200);
                        api.get(user.path(), other.token()).expect(200);
                        api.get(user.sessionsPath(), other.token()).expect(403);
                    }
                }))
                .isEmpty();
    }

    @Test
    void everyReadWithAConsistencyTokenTakesOneStatement() {
        List<String> tokens = List.of("0/1", "1.0/1", "1.FFFFFFFF/FFFFFFFF", "2.0/1");
        List<List<String>> roundTrips = PROXY.during(() -> {
            for (int i = 0; i < 40; i++) {
                api.send(api.request("/users/me", user.token())
                                .header("Consistency-Token", tokens.get(i % tokens.size()))
                                .GET())
                        .expect(200);
            }
        });

        assertThat(roundTrips).hasSize(40).allSatisfy(statements -> assertThat(statements)
                .hasSize(1));
    }

    @Test
    void everyListOfUsersTakesOneStatement() {
        List<List<String>> roundTrips = PROXY.during(() -> {
            for (int i = 0; i < 20; i++) {
                api.get("/users?limit=1", user.token()).expect(200);
                api.get("/users?limit=1&q=e&role=user&sort=-name", user.token()).expect(200);
            }
        });

        assertThat(roundTrips).hasSize(40).allSatisfy(statements -> assertThat(statements)
                .hasSize(1));
    }

    @Test
    void refusedTokenTakesNoStatement() {
        String revoked = api.newToken(user.email());
        api.logout(revoked).expect(204);

        assertThat(during(() -> {
                    api.get(user.path(), null).expect(401);
                    api.get(user.path(), "x").expect(401);
                    api.get(user.path(), user.token() + "x").expect(401);
                    api.get(user.path(), revoked).expect(401);
                    api.put(user.path(), revoked, Map.of("name", "Somebody Else"))
                            .expect(401);
                    api.delete(user.path(), revoked).expect(401);
                    api.logout(revoked + "x").expect(401);
                }))
                .isEmpty();
    }

    @Test
    void introspectionTakesNoStatement() {
        String key = TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT);
        String other = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        String revoked = api.newToken(user.email());
        api.logout(revoked).expect(204);
        Poll.until("in memory", Duration.ofSeconds(30), () -> during(() -> {
                    api.form("/oauth/introspect", key, "token=x").expect(200);
                    api.form("/oauth/introspect", other, "token=x").expect(403);
                })
                .isEmpty());

        assertThat(during(() -> {
                    for (int i = 0; i < 50; i++) {
                        api.form("/oauth/introspect", key, "token=" + user.token())
                                .expect(200);
                        api.form("/oauth/introspect", key, "token=" + revoked).expect(200);
                        api.form("/oauth/introspect", key, "token=x").expect(200);
                        api.form("/oauth/introspect", key, "").expect(400);
                        api.form("/oauth/introspect", other, "token=" + user.token())
                                .expect(403);
                    }
                }))
                .isEmpty();
    }

    @Test
    void revocationTakesTheRoundTripsOfALogout() {
        String key = TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT);
        Poll.until("in memory", Duration.ofSeconds(30), () -> during(
                        () -> api.form("/oauth/introspect", key, "token=x").expect(200))
                .isEmpty());
        String refreshToken = api.newSession(user).refreshToken();

        assertThat(during(() ->
                        api.form("/oauth/revoke", key, "token=" + user.token()).expect(200)))
                .containsExactly("BEGIN DELETE", "INSERT INSERT", EVENT, COMMIT);
        assertThat(during(() ->
                        api.form("/oauth/revoke", key, "token=" + refreshToken).expect(200)))
                .containsExactly("BEGIN DELETE", "INSERT", EVENT, COMMIT);
        assertThat(during(() ->
                        api.form("/oauth/revoke", key, "token=" + refreshToken).expect(200)))
                .containsExactly("BEGIN " + COMMIT);
        assertThat(during(() -> api.form("/oauth/revoke", key, "token=x").expect(200)))
                .containsExactly("POSITION");
    }

    @Test
    void loginTakesSevenRoundTrips() {
        assertThat(during(() -> api.login(user.email(), Api.PASSWORD).expect(200)))
                .containsExactly("SELECT", "SELECT", "BEGIN WITH", "WITH", "INSERT", EVENT, COMMIT);
    }

    @Test
    void firstLoginFromANetworkTakesOneMoreRoundTrip() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM login_networks WHERE user_id = ?", user.id()));

        assertThat(during(() -> api.login(user.email(), Api.PASSWORD).expect(200)))
                .containsExactly("SELECT", "SELECT", "BEGIN WITH", "WITH", "INSERT", "WITH", EVENT, COMMIT);
    }

    @Test
    void loginThatRehashesThePasswordTakesSevenRoundTrips() {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE users SET password_hash = replace(password_hash, '$2a$', '$2b$') WHERE id = ?",
                        user.id()));

        assertThat(during(() -> api.login(user.email(), Api.PASSWORD).expect(200)))
                .containsExactly("SELECT", "SELECT", "BEGIN WITH", "WITH", "INSERT", EVENT, COMMIT);
    }

    @Test
    void refusedLoginTakesTheSameRoundTripsForKnownAndUnknownUsers() {
        String[] roundTrips = {"SELECT", "SELECT", "BEGIN SELECT", "INSERT", "INSERT", "INSERT", "SELECT", EVENT, COMMIT
        };

        assertThat(during(() -> api.login(user.email(), "wrong").expect(401))).containsExactly(roundTrips);
        assertThat(during(() -> api.login(Api.newEmail(), "wrong").expect(401))).containsExactly(roundTrips);
    }

    @Test
    void registrationTakesSevenRoundTrips() {
        Map<String, Object> body = Api.newBody(Api.newEmail());

        assertThat(during(() -> api.register(body).expect(201)))
                .containsExactly("BEGIN INSERT", "INSERT", COMMIT, "SELECT", "BEGIN INSERT", EVENT, COMMIT);
        assertThat(during(() -> api.register(body).expect(409))).containsExactly("BEGIN INSERT", COMMIT, "SELECT");
    }

    @Test
    void refreshTakesOneStatementAndItsPosition() {
        String token = api.newSession(user).refreshToken();

        assertThat(during(() -> api.refresh(token).expect(200))).containsExactly("WITH", "POSITION");
        assertThat(during(() -> api.refresh("A".repeat(token.length())).expect(401)))
                .as("an invalid token is only counted")
                .containsExactly("BEGIN INSERT", COMMIT);
    }

    @Test
    void repeatedRefreshTakesFiveRoundTrips() {
        String token = api.newSession(user).refreshToken();
        api.refresh(token).expect(200);

        assertThat(during(() -> api.refresh(token).expect(200)))
                .containsExactly("WITH", "BEGIN SELECT", "SELECT", "UPDATE", COMMIT);
    }

    @Test
    void listOfSessionsTakesOneRoundTrip() {
        assertThat(during(() -> api.get(user.sessionsPath(), user.token()).expect(200)))
                .containsExactly("SELECT");
    }

    @Test
    void endOfASessionTakesFourRoundTripsAndEndOfAllTakesTwoMore() {
        UUID one = api.newSession(user).id();
        String path = user.sessionsPath() + "/" + one;

        assertThat(during(() -> api.delete(path, user.token()).expect(204)))
                .containsExactly("BEGIN DELETE", "INSERT", EVENT, COMMIT);
        assertThat(during(() -> api.delete(user.sessionsPath(), user.token()).expect(204)))
                .containsExactly("BEGIN SELECT", "DELETE", "SELECT", "INSERT", EVENT, COMMIT);
    }

    @Test
    void logoutTakesFourRoundTripsAndARepeatedOneTheCommit() {
        assertThat(during(() -> api.logout(user.token()).expect(204)))
                .containsExactly("BEGIN DELETE", "INSERT INSERT", EVENT, COMMIT);
        assertThat(during(() -> api.logout(user.token()).expect(204))).containsExactly("BEGIN " + COMMIT);
    }

    @Test
    void updateTakesFourRoundTrips() {
        assertThat(during(() -> api.put(user.path(), user.token(), Map.of("name", "Somebody Else"))
                        .expect(200)))
                .containsExactly("BEGIN INSERT", "UPDATE", EVENT, COMMIT);
    }

    @Test
    void updateThatChangesNothingRecordsNoEvent() {
        assertThat(during(() -> api.put(user.path(), user.token(), Map.of("role", "user"))
                        .expect(200)))
                .containsExactly("BEGIN INSERT", "UPDATE", "SELECT", COMMIT);
    }

    @Test
    void updateBeyondTheLimitTakesThreeRoundTripsAndARepeatedOneNone() {
        Map<String, String> changes = Map.of("name", "Somebody Else");
        for (int i = 0; i < 5; i++) {
            api.put(user.path(), user.token(), changes).expect(200);
        }

        assertThat(during(() -> api.put(user.path(), user.token(), changes).expect(429)))
                .containsExactly("BEGIN INSERT", "SELECT", "ROLLBACK");
        assertThat(during(() -> api.put(user.path(), user.token(), changes).expect(429)))
                .isEmpty();
    }

    @Test
    void passwordChangeTakesTenRoundTripsAndOneMoreToEndOtherSessions() {
        Map<String, String> changes = Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD);
        Map<String, String> back = Map.of("password", Api.PASSWORD, "current_password", "Another-Horse-9");

        assertThat(during(() -> api.put(user.path(), user.token(), changes).expect(200)))
                .containsExactly(
                        "SELECT",
                        "SELECT",
                        "BEGIN INSERT",
                        "UPDATE",
                        "SELECT",
                        "DELETE",
                        "SELECT",
                        "UPDATE",
                        EVENT,
                        COMMIT);
        api.login(user.email(), "Another-Horse-9").expect(200);
        api.login(user.email(), "Another-Horse-9").expect(200);
        assertThat(during(() -> api.put(user.path(), user.token(), back).expect(200)))
                .containsExactly(
                        "SELECT",
                        "SELECT",
                        "BEGIN INSERT",
                        "UPDATE",
                        "SELECT",
                        "DELETE",
                        "SELECT",
                        "UPDATE",
                        "INSERT INSERT",
                        EVENT + " " + EVENT + " " + EVENT,
                        COMMIT);
    }

    @Test
    void updateOrDeletionOfAnotherUserTakesOneRoundTrip() {
        Api.TestUser other = api.newUser();

        assertThat(during(() -> api.put(other.path(), user.token(), Map.of("name", "Somebody Else"))
                        .expect(403)))
                .containsExactly("SELECT");
        assertThat(during(() ->
                        api.delete("/users/" + UUID.randomUUID(), user.token()).expect(404)))
                .containsExactly("SELECT");
    }

    @Test
    void deletionTakesSixRoundTrips() {
        assertThat(during(() -> api.delete(user.path(), user.token()).expect(204)))
                .containsExactly("BEGIN SELECT", "DELETE", "UPDATE", "INSERT", EVENT, COMMIT);
    }

    /** The round trips of an action, each as the first words of its statements. */
    private static List<String> during(Runnable action) {
        return PROXY.during(action).stream()
                .map(statements ->
                        statements.stream().map(StatementCountsIT::word).collect(Collectors.joining(" ")))
                .toList();
    }

    private static String word(String sql) {
        if (sql.contains("INSERT INTO audit_events")) {
            return EVENT;
        }
        return sql.contains("pg_current_wal_flush_lsn") || sql.contains("pg_logical_emit_message")
                ? "POSITION"
                : SPACE.split(sql, 2)[0];
    }
}
