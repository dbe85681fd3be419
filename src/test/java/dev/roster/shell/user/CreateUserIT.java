package dev.roster.shell.user;

import static dev.roster.support.process.Shell.expectRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import dev.roster.support.process.Shell.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code create-user}, beside the running service. */
class CreateUserIT {
    private static final Pattern CREATED =
            Pattern.compile("created ([0-9a-f-]{36})(?: with the password ([A-Za-z0-9_-]+))?\n");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("roles.selfAssignable", "user");

    private final Api api = ROSTER.api();
    private final Shell shell = new Shell(ROSTER.database());
    private final String email = Api.newEmail();

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(ROSTER.database()).verifyAudit();
    }

    @Test
    void createdUserCanLogIn() {
        Outcome outcome = shell.type(
                Api.PASSWORD + "\nmore\n", "create-user", "--name", " Zoë ", "--email", email, "--password-stdin");

        UUID id = UUID.fromString(created(outcome).group(1));
        assertThat(created(outcome).group(2)).isNull();
        JsonNode user = api.login(email, Api.PASSWORD).expect(200).body().path("user");
        assertThat(user.path("id").asText()).isEqualTo(id.toString());
        assertThat(user.path("name").asText()).isEqualTo("Zoë");
        assertThat(user.path("email").asText()).isEqualTo(email);
        assertThat(user.path("role").asText()).isEqualTo("user");
        assertThat(shell.eventsOf(id)).containsExactly(Event.of("registered", null));
    }

    /** V8: operators may give roles that are not self-assignable. */
    @Test
    void operatorCanGiveAnyRole() {
        Map<String, Object> body = Api.newBody(email);
        body.put("role", "admin");
        api.register(body).expectProblem(403, "forbidden");

        created(create("--role", "admin"));

        assertThat(api.login(email, Api.PASSWORD)
                        .expect(200)
                        .body()
                        .path("user")
                        .path("role")
                        .asText())
                .isEqualTo("admin");
    }

    /** A6 */
    @Test
    void passwordIsHashedAtTheConfiguredCost() {
        Outcome outcome = shell.with("BCRYPT_COST", "5")
                .type(Api.PASSWORD, "create-user", "--name", "A", "--email", email, "--password-stdin");

        UUID id = UUID.fromString(created(outcome).group(1));
        String hash = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT password_hash FROM users WHERE id = ?")
                        .bind(0, id)
                        .mapTo(String.class)
                        .one());
        assertThat(hash).startsWith("$2a$05$");
    }

    @ParameterizedTest
    @CsvSource({"8, 24", "24, 24", "25, 28", "64, 64"})
    void generatedPasswordHasTheRequiredLength(String minimumLength, int length) {
        Outcome outcome = shell.with("PASSWORD_MINIMUM_LENGTH", minimumLength)
                .run("create-user", "--name", "A", "--email", email, "--generate-password");

        String password = created(outcome).group(2);
        assertThat(password).hasSize(length);
        api.login(email, password).expect(200);
    }

    /** V1 to V9, A1, A2 and A5: the rules of registration apply. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--email | a@b | Correct-Horse-9 | --email must be a well-formed e-mail address",
                "--name | ' ' | Correct-Horse-9 | --name must not be blank",
                "--role | boss | Correct-Horse-9 | '--role must be one of: admin, user'",
                "--role | user | Short-9 | password must be at least 8 characters",
                "--role | user | password123 | 'password must not be a common password, word or name'",
                "--name | Correct-Horse-9 | correct-horse-9 | password must not be the name or e-mail address",
                "--role | user | '' | password is missing: stdin is empty",
            })
    void valuesThatRegistrationRefusesAreRefused(String option, String value, String password, String reason) {
        Outcome outcome =
                shell.type(password, "create-user", "--name", "A", "--email", email, "--password-stdin", option, value);

        expectRefusal(outcome, "create-user: " + reason);
        assertThat(exists()).isFalse();
    }

    @Test
    void passwordThatIsNotUtf8IsRefused() {
        Outcome outcome = CommandLine.run(
                ROSTER.database().variables(Map.of()),
                new byte[] {'C', 'o', 'r', 'r', 'e', 'c', 't', (byte) 0xC0, (byte) 0xAF, '9'},
                "create-user",
                "config.yml",
                "--name",
                "A",
                "--email",
                email,
                "--password-stdin");

        expectRefusal(outcome, "create-user: password must be in UTF-8");
    }

    @Test
    void passwordAfterAByteOrderMarkIsRefused() {
        Outcome outcome =
                shell.type("\ufeff" + Api.PASSWORD, "create-user", "--name", "A", "--email", email, "--password-stdin");

        expectRefusal(outcome, "create-user: password begins with a byte order mark: remove it");
        assertThat(exists()).isFalse();
    }

    @Test
    void passwordPromptRequiresATerminal() {
        Outcome outcome = shell.type(Api.PASSWORD, "create-user", "--name", "A", "--email", email);

        expectRefusal(
                outcome,
                "create-user: password cannot be asked for without a terminal:"
                        + " use --password-stdin or --generate-password");
    }

    @Test
    void takenAddressIsRefusedInAnyCase() {
        api.register(Api.newBody(email.toUpperCase(Locale.ROOT))).expect(201);

        expectRefusal(create(), "create-user: Another user has this e-mail address.");
    }

    /** V11, F7: the unique index decides. */
    @Test
    void oneOfManyConcurrentCommandsCreatesTheUser() throws Exception {
        List<Outcome> outcomes = Concurrently.run(6, i -> create());

        assertThat(outcomes).filteredOn(outcome -> !outcome.failed()).hasSize(1);
        assertThat(outcomes)
                .filteredOn(Outcome::failed)
                .allSatisfy(outcome -> expectRefusal(outcome, "create-user: Another user has this e-mail address."));
        api.login(email, Api.PASSWORD).expect(200);
    }

    private Outcome create(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--name", "A", "--email", email, "--password-stdin"));
        arguments.addAll(List.of(more));
        return shell.type(Api.PASSWORD + "\n", "create-user", arguments.toArray(String[]::new));
    }

    private boolean exists() {
        return ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT EXISTS (SELECT FROM users WHERE email = ?)")
                        .bind(0, email)
                        .mapTo(Boolean.class)
                        .one());
    }

    private static Matcher created(Outcome outcome) {
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.failed()).isFalse();
        Matcher created = CREATED.matcher(outcome.output());
        assertThat(created.matches()).as(outcome.output()).isTrue();
        return created;
    }
}
