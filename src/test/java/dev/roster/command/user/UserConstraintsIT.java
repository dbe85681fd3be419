package dev.roster.command.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Constraints of the database, which hold for writes that bypass the service too. */
class UserConstraintsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();

    /** V11 */
    @ParameterizedTest
    @ValueSource(strings = {"taken.iIkK@example.com", "TAKEN.IIKK@EXAMPLE.COM", "taken.iikk@Example.Com"})
    void secondUserWithAnAddressIsRefused(String spelling) {
        int status = api.register(Api.newBody("Taken.Iikk@example.com")).status();
        assertThat(status).isIn(201, 409); // 409 from the second spelling on

        assertThat(refusal(() -> insert(spelling))).containsExactly("23505", "users_email_key_unique");
    }

    /** V11 */
    @Test
    void changeToATakenAddressIsRefused() {
        Api.TestUser user = api.newUser();
        Api.TestUser other = api.newUser();

        assertThat(refusal(() -> update(user.id(), "email", "upper(" + "'" + other.email() + "')")))
                .containsExactly("23505", "users_email_key_unique");
    }

    /** V11 */
    @ParameterizedTest
    @CsvSource({
        "name, '''''', users_name_length",
        "name, 'repeat(''x'', 101)', users_name_length",
        "name, ''' B''', users_name_trimmed",
        "name, '''B ''', users_name_trimmed",
        "name, 'E''B\\u0001C''', users_name_safe",
        "name, 'E''B\\nC''', users_name_safe",
        "name, 'E''B\\u007fC''', users_name_safe",
        "name, 'E''B\\u009fC''', users_name_safe",
        "name, 'E''B\\u202aC''', users_name_safe",
        "name, 'E''B\\u2069C''', users_name_safe",
        "email, '''a''', users_email_form",
        "email, '''@example.com''', users_email_form",
        "email, 'repeat(''l'', 65) || ''@example.com''', users_email_length",
        "email, '''a@'' || repeat(''d.'', 125) || ''com''', users_email_length",
        "email, '''a@b''', users_email_form",
        "email, '''a b@example.com''', users_email_form",
        "email, ''' a@example.com''', users_email_form",
        "email, '''a..b@example.com''', users_email_form",
        "email, '''a@[127.0.0.1]''', users_email_form",
        "email, 'E''\\u212a@example.com''', users_email_form",
        "email, 'E''a@example.com\\n''', users_email_form",
        "role, '''''', users_role_form",
        "role, '''Admin''', users_role_form",
        "role, '''a b''', users_role_form",
        "password_hash, '''''', users_password_hash_present",
        "version, 0, users_version_positive",
        "updated_at, 'created_at - interval ''1 s''', users_updated_after_created"
    })
    void invalidValueIsRefused(String column, String expression, String constraint) {
        Api.TestUser user = api.newUser();

        assertThat(refusal(() -> update(user.id(), column, expression))).containsExactly("23514", constraint);

        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "email", "role", "profile", "metadata", "version", "created_at", "updated_at"})
    void nullIsRefused(String column) {
        Api.TestUser user = api.newUser();

        assertThat(refusal(() -> update(user.id(), column, "NULL"))).startsWith("23502");
    }

    private static void insert(String email) {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO users (id, name, email, password_hash) VALUES (?, 'B', ?, 'none')",
                        UUID.randomUUID(),
                        email));
    }

    private static void update(UUID id, String column, String expression) {
        ROSTER.jdbi().useHandle(handle -> handle.createUpdate("UPDATE users SET <column> = <expression> WHERE id = :id")
                .define("column", column)
                .define("expression", expression)
                .bind("id", id)
                .execute());
    }

    /** The SQLSTATE and the constraint's name. */
    private static List<String> refusal(Runnable statement) {
        ServerErrorMessage message = catchThrowableOfType(UnableToExecuteStatementException.class, statement::run)
                                .getCause()
                        instanceof PSQLException sql
                ? sql.getServerErrorMessage()
                : null;
        return message == null
                ? List.of()
                : List.of(String.valueOf(message.getSQLState()), String.valueOf(message.getConstraint()));
    }
}
