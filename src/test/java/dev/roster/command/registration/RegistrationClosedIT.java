package dev.roster.command.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.StatementProxy;
import dev.roster.support.http.Api;
import dev.roster.support.http.Requests;
import dev.roster.support.process.CommandLine;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code REGISTRATION=closed}, only operators create users. */
class RegistrationClosedIT {
    private static final String PATH = "/api/v1/auth/register";
    private static final String CLOSED = "registration-closed";

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final StatementProxy PROXY = StatementProxy.before(DATABASE);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_URL", PROXY.url())
            .with("FEED_DATABASE_URL", DATABASE.url())
            .with("REGISTRATION", "closed")
            .with("REGISTRATIONS", "1")
            .set("audit.sealInterval", "1h")
            .set("tokens.revocationFreshness", "3s"); // so that a short pause of the machine adds no statements

    private final Requests requests = new Requests(ROSTER.api());

    /** Also beyond the limit: the client learns that it is of no use to come again. */
    @Test
    void registrationIsRefusedWithoutAStatement() {
        assertThat(PROXY.during(() -> {
                    for (int i = 0; i < 50; i++) {
                        requests.send("POST", PATH, null, TestTokens.json(Api.newBody(Api.newEmail())))
                                .expectProblem(403, CLOSED);
                    }
                }))
                .isEmpty();
        assertThat(users()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{'          | application/json",
                "''           | application/json",
                "'[1,'        | application/json",
                "'{\"x\": 1}' | application/json",
                "'name=Ada'   | application/x-www-form-urlencoded",
                "'<user/>'    | text/xml",
                "'x'          | nonsense"
            })
    void refusalDoesNotDependOnTheBody(String body, String type) {
        requests.send("POST", PATH, null, body, type).expectProblem(403, CLOSED);
        requests.send("POST", PATH, "x", body, type).expectProblem(403, CLOSED);
    }

    @Test
    void refusalDoesNotDependOnTheSizeOfTheBody() {
        requests.send("POST", PATH, null, "x".repeat(16 * 1024)).expectProblem(403, CLOSED);
    }

    /** Spellings of one path, all of which Roster takes for it, or answers 400 or 404. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/auth/register/",
                "/api/v1/auth/register;a=b",
                "/api;a=b/v1;c/auth;d/register",
                "/api/v1/%61uth/regi%73ter",
                "//api/v1//auth/register",
                "/api/v1/auth/./register",
                "/api/v1/users/../auth/register",
                "/api/v1/auth/register?a=b"
            })
    void noOtherSpellingOfThePathRegisters(String path) {
        assertThat(requests.send("POST", path, null, TestTokens.json(Api.newBody(Api.newEmail())))
                        .status())
                .isIn(400, 403, 404);
        assertThat(users()).isZero();
    }

    @Test
    void otherMethodsAreRefusedAsElsewhere() {
        requests.send("GET", PATH, null, null).expectProblem(405, "method-not-allowed");
    }

    @Test
    void operatorsCreateUsers() {
        String email = Api.newEmail();

        assertThat(CommandLine.run(
                                ROSTER.database().variables(Map.of("REGISTRATION", "closed")),
                                (Api.PASSWORD + "\n").getBytes(StandardCharsets.UTF_8),
                                "create-user",
                                "config.yml",
                                "--name",
                                "Ada",
                                "--email",
                                email,
                                "--password-stdin")
                        .failed())
                .isFalse();

        ROSTER.api().login(email, Api.PASSWORD).expect(200);
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM users"));
    }

    private static long users() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT count(*) FROM users")
                .mapTo(Long.class)
                .one());
    }
}
