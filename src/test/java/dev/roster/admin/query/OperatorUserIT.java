package dev.roster.admin.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.CommandLine;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One user for operators: the user, the sessions and the export. */
class OperatorUserIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ));
    private final TestUser user = api.newUser();
    private final String path = "/users/" + user.id();

    @Test
    void userHasTheMembersOfAUserAndThoseOfOperators() {
        JsonNode own = api.get(user.path(), user.token()).expect(200).body();

        Reply reply = admin.get(path).expect(200);

        ObjectNode shown = (ObjectNode) reply.body();
        assertThat(shown.remove("status").asText()).isEqualTo("active");
        assertThat(shown.remove("version").asInt()).isEqualTo(1);
        assertThat(shown.remove("last_login_at").asText())
                .isGreaterThan(own.path("created_at").asText());
        assertThat(shown.remove("disabled_until").isNull()).isTrue();
        assertThat(shown.remove("disabled_reason").isNull()).isTrue();
        assertThat(shown.remove("password_reset_required").booleanValue()).isFalse();
        assertThat(shown.remove("pending_email").isNull()).isTrue();
        assertThat(shown.remove("metadata").toString()).isEqualTo("{}");
        assertThat(shown).isEqualTo(own);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(reply.header("Vary")).isEqualTo("Authorization");
        assertThat(reply.header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void userIsNotSentAgainWhileTheVersionIsTheSame() {
        Reply same = admin.send(
                        admin.request(path).header("If-None-Match", "\"1\"").GET())
                .expect(304);

        assertThat(same.text()).isEmpty();
        assertThat(same.header("ETag")).isEqualTo("\"1\"");
        api.put(user.path(), user.token(), Map.of("name", "Another Name")).expect(200);
        Reply changed = admin.send(
                        admin.request(path).header("If-None-Match", "\"1\"").GET())
                .expect(200);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(changed.body().path("name").asText()).isEqualTo("Another Name");
        admin.send(admin.request(path).header("If-Match", "\"1\"").GET()).expectProblem(412, "version-conflict");
    }

    @Test
    void sessionsAreThoseThatTheOwnerSees() {
        TestSession other = api.newSession(user);
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE sessions SET expires_at = now() WHERE id = ?",
                        api.newSession(user).id()));
        JsonNode own = api.get(user.sessionsPath(), user.token()).expect(200).body();
        own.path("sessions").forEach(session -> ((ObjectNode) session).remove("current"));

        Reply reply = admin.get(path + "/sessions").expect(200);

        assertThat(reply.body()).isEqualTo(own);
        assertThat(reply.body().path("sessions")).hasSize(2).anyMatch(session -> session.path("id")
                .asText()
                .equals(other.id().toString()));
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void exportIsThatOfTheCommand() throws IOException {
        Reply reply = admin.get(path + "/export").expect(200);

        String command = CommandLine.run(
                        ROSTER.database().variables(Map.of()),
                        "export-user",
                        "config.yml",
                        user.id().toString())
                .output();
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(withoutTime(reply.text())).isEqualTo(withoutTime(command));
        assertThat(reply.body().path("user").path("email").asText()).isEqualTo(user.email());
        assertThat(reply.body().path("last_logins")).hasSize(1);
        assertThat(reply.text()).doesNotContain(user.token());
    }

    @Test
    void exportOfADeletedUserHasTheRemainingRows() {
        api.delete(user.path(), user.token()).expect(204);

        JsonNode export = admin.get(path + "/export").expect(200).body();

        assertThat(export.path("user").isNull()).isTrue();
        assertThat(export.path("audit_events")).isNotEmpty();
        admin.get(path).expectProblem(404, "not-found");
        admin.get(path + "/sessions").expectProblem(404, "not-found");
    }

    @Test
    void exportThatIsTooLargeIsRefused() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                        INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, request_id, mac)
                        SELECT gen_random_uuid(), now(), 'logged_in', ?, ?, repeat('r', 64), '\\x00'
                          FROM generate_series(1, 25000)
                        """, user.id(), user.id()));

        Reply reply = admin.get(path + "/export").expectProblem(422, "export-too-large");

        assertThat(reply.body().path("detail").asText())
                .isEqualTo("The export has more than 8 MiB. Run the command export-user instead.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/sessions", "/export"})
    void unknownUserIsNotFound(String member) {
        for (String id : List.of(
                UUID.randomUUID().toString(),
                "me",
                "1",
                user.id().toString().substring(1),
                user.id() + "%00",
                "%E2%80%AE")) {
            Reply reply = admin.get("/users/" + id + member);
            assertThat(reply.status()).as(id).isIn(400, 404);
            reply.expectProblem(reply.status(), reply.status() == 404 ? "not-found" : "malformed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/sessions", "/export"})
    void headAnswersLikeGet(String member) {
        Reply get = admin.get(path + member).expect(200);
        Reply head = admin.send(admin.request(path + member).method("HEAD", BodyPublishers.noBody()))
                .expect(200);

        assertThat(head.text()).isEmpty();
        for (String header : List.of("Content-Type", "Content-Length", "Cache-Control", "ETag", "Vary")) {
            assertThat(head.header(header)).as(header).isEqualTo(get.header(header));
        }
    }

    @Test
    void malformedConsistencyTokenIsRefused() {
        for (String route : List.of("/users", "/users/count", path, path + "/sessions")) {
            admin.send(admin.request(route).header("Consistency-Token", "x").GET())
                    .expectInvalid("Consistency-Token");
            admin.send(admin.request(route).header("Consistency-Token", "0/0").GET())
                    .expect(200);
        }
    }

    private static String withoutTime(String export) {
        return export.replaceAll("\"exported_at\" : \"[^\"]*\"", "");
    }
}
