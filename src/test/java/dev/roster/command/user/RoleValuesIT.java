package dev.roster.command.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Self-assignable roles are a setting. */
class RoleValuesIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().set("roles.all", "user,admin,auditor").set("roles.selfAssignable", "user,auditor");

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    /** V8 */
    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor"})
    void selfAssignableRoleIsAccepted(String role) {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("role", role);

        assertThat(api.register(body).expect(201).body().path("role").textValue())
                .isEqualTo(role);
        assertThat(api.put(user.path(), user.token(), Map.of("role", role))
                        .expect(200)
                        .body()
                        .path("role")
                        .textValue())
                .isEqualTo(role);
    }

    /** V8 */
    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "king", "User", "USER", " user", "user ", "user,auditor", "us\u0435r", "u\u017fer"})
    void unknownRoleIsInvalid(String role) {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("role", role);

        assertThat(api.register(body).expectInvalid("role").errors())
                .containsEntry("role", "must be one of: admin, auditor, user");
        api.put(user.path(), user.token(), Map.of("role", role)).expectInvalid("role");
    }

    /** V8 */
    @Test
    void registeringWithAnotherRoleIsForbidden() {
        String email = Api.newEmail();
        Map<String, Object> body = Api.newBody(email);
        body.put("role", "admin");

        api.register(body).expectProblem(403, "forbidden");

        api.login(email, Api.PASSWORD).expectProblem(401, "invalid-credentials");
    }

    /** V8 */
    @Test
    void takingAnotherRoleIsForbidden() {
        api.put(user.path(), user.token(), Map.of("name", "B", "role", "admin")).expectProblem(403, "forbidden");

        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
    }

    /** A client that sends back what it has read does not ask for the role. */
    @Test
    void roleGivenByAnOperatorCanBeSentBackButNotTakenAgain() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("UPDATE users SET role = 'admin' WHERE id = ?", user.id()));

        Reply kept = api.put(user.path(), user.token(), Map.of("name", "B", "role", "admin"))
                .expect(200);
        assertThat(kept.body().path("role").textValue()).isEqualTo("admin");

        api.put(user.path(), user.token(), Map.of("role", "user")).expect(200);
        api.put(user.path(), user.token(), Map.of("role", "admin")).expectProblem(403, "forbidden");
    }

    @Test
    void roleGivenByAnOperatorIsShown() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("UPDATE users SET role = 'admin' WHERE id = ?", user.id()));

        assertThat(api.get(user.path(), user.token()).body().path("role").textValue())
                .isEqualTo("admin");
        assertThat(api.put(user.path(), user.token(), Map.of("name", "B"))
                        .expect(200)
                        .body()
                        .path("role")
                        .textValue())
                .isEqualTo("admin");
    }
}
