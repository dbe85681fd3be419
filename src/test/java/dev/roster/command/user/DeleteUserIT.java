package dev.roster.command.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteUserIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();
    private final Api.TestUser other = api.newUser();

    @Test
    void deletionRemovesTheUserAndKeepsOthers() {
        Reply reply = api.delete(user.path(), user.token()).expect(204);

        assertThat(reply.text()).isEmpty();
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        api.get(user.path(), other.token()).expectProblem(404, "not-found");
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
        api.get("/users/me", other.token()).expect(200);
        assertThat(count("users", "id", user.id())).isZero();
        assertThat(count("sessions", "user_id", user.id())).isZero();
        assertThat(count("sessions", "user_id", other.id())).isEqualTo(1);
    }

    /** T11 */
    @Test
    void deletionRevokesAllTokensOfTheUser() {
        List<String> tokens = Stream.concat(
                        Stream.of(user.token()),
                        Stream.generate(() -> api.newToken(user.email())).limit(4))
                .toList();

        api.delete(user.path(), user.token()).expect(204);

        assertThat(tokens).allSatisfy(token -> {
            api.get("/users/me", token).expectInvalidToken();
            api.get(user.path(), token).expectInvalidToken();
            api.put(user.path(), token, Map.of("name", "B")).expectInvalidToken();
            api.delete(user.path(), token).expectInvalidToken();
        });
    }

    @Test
    void addressOfADeletedUserCanBeRegistered() {
        api.delete(user.path(), user.token()).expect(204);

        Reply registered = api.register(Api.newBody(user.email())).expect(201);

        assertThat(registered.body().path("id").textValue())
                .isNotEqualTo(user.id().toString());
        api.get("/users/me", user.token()).expectInvalidToken();
        api.get("/users/me", api.newToken(user.email())).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "*", "\"0\", \"1\"", "W/\"1\""})
    void matchingIfMatchIsAccepted(String ifMatch) {
        delete(user.path(), user.token(), ifMatch).expect(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "\"0\", \"2\"", "W/\"2\"", "garbage", "1", "\"\""})
    void mismatchedIfMatchIsRefused(String ifMatch) {
        delete(user.path(), user.token(), ifMatch).expectProblem(412, "version-conflict");

        api.get("/users/me", user.token()).expect(200);
    }

    @Test
    void deletionRequiresAToken() {
        api.delete(user.path(), null).expectUnauthenticated();

        api.get(user.path(), user.token()).expect(200);
    }

    @Test
    void deletionWithAnInvalidTokenIsRefused() {
        api.delete(user.path(), "garbage").expectInvalidToken();

        api.get(user.path(), user.token()).expect(200);
    }

    @Test
    void otherUsersCannotBeDeleted() {
        api.delete(user.path(), other.token()).expectProblem(403, "forbidden");
        delete(user.path(), other.token(), "\"9\"").expectProblem(403, "forbidden");

        api.get(user.path(), user.token()).expect(200);
    }

    @Test
    void deletionOfAnUnknownIdIsNotFound() {
        String path = "/users/" + UUID.randomUUID();

        api.delete(path, user.token()).expectProblem(404, "not-found");
        delete(path, user.token(), "\"1\"").expectProblem(404, "not-found");
        api.delete("/users/none", user.token()).expectProblem(404, "not-found");
    }

    private Reply delete(String path, String token, String ifMatch) {
        return api.send(api.request(path, token).header("If-Match", ifMatch).DELETE());
    }

    private int count(String table, String column, UUID id) {
        return ROSTER.jdbi().withHandle(handle -> handle.select("SELECT count(*) FROM <table> WHERE <column> = :id")
                .define("table", table)
                .define("column", column)
                .bind("id", id)
                .mapTo(Integer.class)
                .one());
    }
}
