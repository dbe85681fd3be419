package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Exposition;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose machine has a wrong clock says so, and uses the database's. */
class ClockIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final RosterExtension roster = new RosterExtension().on(DATABASE);

    @AfterEach
    void stop() {
        roster.stop();
    }

    /** C7 */
    @ParameterizedTest
    @CsvSource({
        "PT31S, 3[01]\\.\\d{3} s ahead of",
        "PT-31S, 3[01]\\.\\d{3} s behind",
        "PT30M, (1800|1799)\\.\\d{3} s ahead of",
        "P-400D, (34560000|34559999)\\.\\d{3} s behind"
    })
    void nodeWithAWrongClockIsNotReadyAndSaysWhy(Duration skew, String text) throws Exception {
        try (ConsoleLog log = new ConsoleLog()) {
            roster.clock().advance(skew);
            roster.start();
            assertThat(log.linesUntil(1, line -> line.contains("clock is ")))
                    .anyMatch(line -> line.matches(".*This node's clock is " + text
                            + " the database's: the node is not ready until it is set.*"));
        }

        Reply reply = admin().raw("GET", "/healthcheck").expect(503);
        assertThat(reply.body().path("clock").path("healthy").asBoolean()).isFalse();
        assertThat(message(reply)).matches("this node's clock is " + text + " the database's");
        assertThat(admin().raw("GET", "/ping").status()).isEqualTo(200);
        assertThat(skew()).isCloseTo(skew.toMillis() / 1000.0, within(1.0));

        roster.clock().reset();
        Poll.until(
                "it is ready",
                PATIENCE,
                () -> admin().raw("GET", "/healthcheck").status() == 200);
        assertThat(skew()).isCloseTo(0, within(1.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT28S", "PT-28S"})
    void nodeWithASlightlyWrongClockIsReadyAndTellsTheDifference(Duration skew) throws Exception {
        roster.clock().advance(skew);
        roster.start();

        Reply reply = admin().raw("GET", "/healthcheck").expect(200);

        assertThat(message(reply)).matches("this node's clock is \\d+\\.\\d{3} s (ahead of|behind) the database's");
        assertThat(skew()).isCloseTo(skew.toMillis() / 1000.0, within(1.0));
    }

    /** N6, T5 */
    @ParameterizedTest
    @ValueSource(strings = {"PT-30M", "PT30M", "P-400D", "P400D"})
    void nodeWithAWrongClockIssuesAndAcceptsTokensByTheDatabasesClock(Duration skew) throws Exception {
        roster.clock().advance(skew);
        roster.start();
        Api api = roster.api();

        TestUser user = api.newUser();

        JsonNode claims = TestTokens.read(user.token());
        assertThat(claims.path("iat").asLong()).isCloseTo(Instant.now().getEpochSecond(), within(10L));
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(900);
        api.get(user.path(), user.token()).expect(200);
        api.get(user.path(), TestTokens.sign(user.id(), Duration.ofMinutes(14))).expect(200);
        api.get(user.path(), TestTokens.sign(user.id(), Duration.ofMinutes(16))).expectInvalidToken();
    }

    /** N6: not even before the next heartbeat. */
    @Test
    void settingTheClockOfARunningNodeChangesNoTimes() throws Exception {
        roster.start();
        Api api = roster.api();
        TestUser user = api.newUser();

        for (int day : new int[] {-400, 400, 3650}) {
            roster.clock().advance(Duration.ofDays(day));
            api.get(user.path(), user.token()).expect(200);
            api.get(user.path(), api.newToken(user.email())).expect(200);
            api.get(user.path(), TestTokens.sign(user.id(), Duration.ofMinutes(16)))
                    .expectInvalidToken();
        }
    }

    private Api admin() {
        return new Api(roster.admin());
    }

    private double skew() {
        return Exposition.of(admin()).value("roster_clock_skew_seconds");
    }

    private static String message(Reply reply) {
        return reply.body().path("clock").path("message").asText();
    }
}
