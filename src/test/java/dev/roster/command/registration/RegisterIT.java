package dev.roster.command.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();

    @Test
    void registrationReturnsTheUserLocationAndVersion() {
        Reply reply = api.register(Map.of(
                        "name", "Juliet Ross",
                        "email", "juliet.ross@gmail.com",
                        "role", "admin",
                        "password", "Kpass2000$"))
                .expect(201);

        JsonNode user = reply.body();
        assertThat(reply.header("Location"))
                .isEqualTo("../users/" + user.path("id").asText());
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("ETag")).isEqualTo("\"1\"");
        assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("X-Request-Id")).isNotBlank();
        assertThat(user.fieldNames())
                .toIterable()
                .containsExactly(
                        "id", "name", "email", "email_verified", "role", "profile", "created_at", "updated_at");
        assertThat(user.path("name").textValue()).isEqualTo("Juliet Ross");
        assertThat(user.path("email").textValue()).isEqualTo("juliet.ross@gmail.com");
        assertThat(user.path("role").textValue()).isEqualTo("admin");
        assertThat(user.path("email_verified").booleanValue()).isFalse();
    }

    @Test
    void newUserIsFoundAtItsLocation() {
        Reply registered = api.register(Api.newBody(Api.newEmail())).expect(201);

        URI location = URI.create("/auth/register").resolve(String.valueOf(registered.header("Location")));
        Reply found = api.get(location.toString(), api.newUser().token()).expect(200);

        assertThat(found.body()).isEqualTo(registered.body());
        assertThat(found.header("ETag")).isEqualTo(registered.header("ETag"));
    }

    @Test
    void idsSortByCreationTime() {
        UUID id = UUID.fromString(register().path("id").textValue());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        Instant made = Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
        assertThat(Duration.between(made, Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void timesAreInUtcWithMicroseconds() {
        JsonNode user = register();

        assertThat(user.path("created_at").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(user.path("updated_at")).isEqualTo(user.path("created_at"));
    }

    @Test
    void roleDefaultsToUser() {
        assertThat(register().path("role").textValue()).isEqualTo("user");
    }

    @Test
    void nameAndAddressAreTrimmedAndKeepTheirCase() {
        Map<String, Object> body = Api.newBody("  Juliet.Ross+Trimmed@Example.COM ");
        body.put("name", " \u00a0\u3000Juliet  Ross\u2003 ");

        JsonNode user = api.register(body).expect(201).body();

        assertThat(user.path("name").textValue()).isEqualTo("Juliet  Ross");
        assertThat(user.path("email").textValue()).isEqualTo("Juliet.Ross+Trimmed@Example.COM");
    }

    @Test
    void takenAddressIsRefusedAndItsOwnerIsUnchanged() {
        Api.TestUser owner = api.newUser();
        Map<String, Object> body = Api.newBody(owner.email());
        body.put("name", "Somebody Else");
        JsonNode before = api.get("/users/me", owner.token()).expect(200).body();

        JsonNode problem = api.register(body).expectProblem(409, "email-taken").body();

        assertThat(problem.path("instance").textValue()).isEqualTo("/api/v1/auth/register");
        assertThat(api.get("/users/me", owner.token()).expect(200).body()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "email", "password"})
    void missingMemberIsNamed(String member) {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.remove(member);

        assertThat(api.register(body).expectInvalid(member).errors()).containsEntry(member, "is required");
    }

    @Test
    void allInvalidMembersAreNamedInOneProblem() {
        Reply reply = api.register(Map.of(
                        "name", " ",
                        "email", "juliet",
                        "role", "king",
                        "password", "short",
                        "nmae", "Juliet"))
                .expectInvalid("name", "email", "role", "password", "nmae");

        JsonNode problem = reply.body();
        assertThat(problem.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("type", "title", "status", "detail", "instance", "request_id", "errors");
        assertThat(problem.path("title").textValue()).isEqualTo("The request is not valid");
        assertThat(problem.path("detail").textValue()).isEqualTo("5 members are not valid");
        assertThat(problem.path("instance").textValue()).isEqualTo("/api/v1/auth/register");
        assertThat(reply.errors())
                .containsEntry("name", "must not be blank")
                .containsEntry("email", "must be a well-formed e-mail address")
                .containsEntry("role", "must be one of: admin, user")
                .containsEntry("password", "must be at least 8 characters")
                .containsEntry("nmae", "is not a known member");
    }

    private JsonNode register() {
        return api.register(Api.newBody(Api.newEmail())).expect(201).body();
    }
}
