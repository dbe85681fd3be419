package dev.roster.shell.key;

import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code rotate-key}, beside a running node. The shell does not know {@code TOKEN_ALGORITHM}. */
class RotateKeyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().on(DATABASE).with("TOKEN_ALGORITHM", "EdDSA").with("REFRESHES", "0");

    private final Shell shell = new Shell(DATABASE);
    private final Api api = ROSTER.api();

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(DATABASE).verifyAudit();
    }

    @Test
    void newKeyIsPrintedAndSignsAfterTheLead() {
        Line made = rotate("--now");

        Line waiting = rotate("--reason", "Yearly");
        Line again = rotate();

        assertThat(made.algorithm()).isEqualTo("EdDSA");
        assertThat(made.signsFrom()).isEqualTo(made.publishedFrom());
        assertThat(waiting.algorithm()).isEqualTo("EdDSA");
        assertThat(waiting.signsFrom()).isEqualTo(waiting.publishedFrom().plus(Duration.ofMinutes(10)));
        assertThat(again).isEqualTo(waiting);
        assertThat(events())
                .contains(Map.of(
                        "details", "by_operator,kid-" + waiting.kid(), "reason", "Yearly", "is_of_a_request", false));
        Api.TestUser user = api.newUser();
        Poll.until("the node has heard of the key", PATIENCE, () -> kid(api.newToken(user.email()))
                .equals(made.kid()));
    }

    @Test
    void immediateRotationEndsTheTokensOfTheNode() {
        Api.TestUser user = api.newUser();
        TestSession session = api.newSession(user);

        Line made = rotate("--now");

        Poll.until(
                "the node refuses the tokens of the earlier key",
                PATIENCE,
                () -> api.get("/users/me", session.accessToken()).status() == 401);
        TestSession refreshed = api.refreshed(session.refreshToken());
        assertThat(refreshed.id()).isEqualTo(session.id());
        assertThat(kid(refreshed.accessToken())).isEqualTo(made.kid());
        api.get("/users/me", refreshed.accessToken()).expect(200);
    }

    @Test
    void keyOfHs256IsNotRotated() {
        TestDatabase other = TestDatabase.migrated();

        for (String[] arguments : new String[][] {{}, {"--now"}}) {
            expectRefusal(
                    new Shell(other).run("rotate-key", arguments),
                    "rotate-key: HS256 signs: its key is JWT_SECRET_KEY. TOKEN_ALGORITHM chooses another.");
        }
    }

    @Test
    void tooLongReasonIsRefused() {
        expectRefusal(
                shell.run("rotate-key", "--reason", "x".repeat(201)),
                "rotate-key: --reason must be at most 200 characters");
    }

    private Line rotate(String... arguments) {
        Outcome outcome = shell.run("rotate-key", arguments);
        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
        assertThat(outcome.output()).endsWith("\n").hasLineCount(1);
        String[] columns = outcome.output().strip().split("\t");
        assertThat(columns).hasSize(4);
        assertThat(columns[0]).matches("[\\w-]{43}");
        return new Line(columns[0], columns[1], Instant.parse(columns[2]), Instant.parse(columns[3]));
    }

    private record Line(String kid, String algorithm, Instant publishedFrom, Instant signsFrom) {}

    private static String kid(String token) {
        return TestTokens.readHeader(token).path("kid").asText();
    }

    private static List<Map<String, Object>> events() {
        return DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                SELECT details, reason, key_id IS NOT NULL AS is_of_a_request
                                  FROM audit_events
                                 WHERE type = 'signing_key_rotated'
                                """).mapToMap().list());
    }
}
