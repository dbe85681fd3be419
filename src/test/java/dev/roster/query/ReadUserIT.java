package dev.roster.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadUserIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    /** Z3 */
    @Test
    void everyLoggedInUserCanReadThePublicMembersOfAUser() {
        Api.TestUser other = api.newUser();

        Reply reply = api.get(user.path(), other.token()).expect(200);

        assertShowsUser(reply);
        assertThat(reply.text()).isEqualTo(api.get(user.path(), user.token()).text());
    }

    @Test
    void usersMeReturnsTheCaller() {
        Reply reply = api.get("/users/me", user.token()).expect(200);

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.text()).isEqualTo(api.get(user.path(), user.token()).text());
    }

    @Test
    void userIdIsReadInEitherCase() {
        String path = "/users/" + user.id().toString().toUpperCase(Locale.ROOT);

        assertShowsUser(api.get(path, user.token()).expect(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/me", "/users/019ab6f0-0000-7000-8000-000000000000", "/users/none"})
    void readWithoutATokenIsUnauthenticated(String path) {
        api.get(path, null).expectUnauthenticated();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/me", "/users/019ab6f0-0000-7000-8000-000000000000", "/users/none"})
    void readWithAnInvalidTokenIsRefused(String path) {
        api.get(path, "garbage").expectInvalidToken();
    }

    @Test
    void unknownUserIsNotFound() {
        String path = "/users/" + UUID.randomUUID();

        Reply reply = api.get(path, user.token()).expectProblem(404, "not-found");

        assertThat(reply.body().path("instance").textValue()).isEqualTo("/api/v1" + path);
    }

    @Test
    void deletedUserIsNotFound() {
        Api.TestUser deleted = api.newUser();
        api.delete(deleted.path(), deleted.token()).expect(204);

        api.get(deleted.path(), user.token()).expectProblem(404, "not-found");
    }

    /** V7 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1-1-1-1-1",
                "1",
                "%7B%7D",
                "ME",
                "019ab6f0000070008000000000000000",
                "019ab6f0-0000-7000-8000-0000000000000",
                "019ab6f0-0000-7000-8000-00000000000",
                "019ab6f0-0000-7000-8000-00000000000g",
                "%7B019ab6f0-0000-7000-8000-000000000000%7D",
                "019ab6f0-0000-7000-8000-000000000000%20"
            })
    void malformedUserIdIsNotFound(String id) {
        api.get("/users/" + id, user.token()).expectProblem(404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "W/\"1\"", "*", "\"0\", \"1\"", "\"0\",W/\"1\",\"9\""})
    void readWithTheCurrentVersionIsNotModified(String ifNoneMatch) {
        Reply reply = getIfNoneMatch(user.path(), ifNoneMatch).expect(304);

        assertThat(reply.text()).isEmpty();
        assertThat(reply.header("ETag")).isEqualTo("\"1\"");
        assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(reply.header("Vary")).isEqualTo("Authorization");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("X-Request-Id")).isNotBlank();
        assertThat(reply.header("Content-Type")).isNull();
        assertThat(reply.header("Content-Length")).isNull();
    }

    /** Two users can have the same version, and the response depends on the caller. */
    @Test
    void usersMeHasAnEntityTagThatTellsCallersApart() {
        Api.TestUser other = api.newUser();
        String tag = tagOfMe(user);

        assertThat(tag).isNotEqualTo(tagOfMe(other)).isNotEqualTo("\"1\"");
        Reply unchanged = getIfNoneMatch("/users/me", "W/" + tag).expect(304);
        assertThat(unchanged.text()).isEmpty();
        assertThat(unchanged.header("ETag")).isEqualTo(tag);
        for (String foreign : List.of("\"1\"", tagOfMe(other))) {
            Reply mine = getIfNoneMatch("/users/me", foreign).expect(200);
            assertThat(mine.body().path("id").textValue()).isEqualTo(user.id().toString());
            api.send(api.request("/users/me", user.token())
                            .header("If-Match", foreign)
                            .GET())
                    .expectProblem(412, "version-conflict");
        }

        api.put(user.path(), user.token(), Map.of("name", "Another Name"), tag).expect(200);

        assertThat(getIfNoneMatch("/users/me", tag).expect(200).header("ETag")).isEqualTo(tagOfMe(user));
        api.put(user.path(), user.token(), Map.of("name", "Late"), tag).expectProblem(412, "version-conflict");
        api.put(user.path(), user.token(), Map.of("name", "Late"), tagOfMe(other))
                .expectProblem(412, "version-conflict");
    }

    private String tagOfMe(Api.TestUser caller) {
        Reply reply = api.get("/users/me", caller.token()).expect(200);
        assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(reply.header("Vary")).isEqualTo("Authorization");
        return String.valueOf(reply.header("ETag"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"2\"", "\"0\", \"2\"", "W/\"2\"", "\"\"", "\"11\"", "1", "garbage", "\"1", "W/", ",", "\"*\""})
    void readWithAnotherOrMalformedVersionReturnsTheUser(String ifNoneMatch) {
        assertShowsUser(getIfNoneMatch(user.path(), ifNoneMatch).expect(200));
    }

    @Test
    void readWithAnOldVersionReturnsTheChangedUser() {
        api.put(user.path(), user.token(), Map.of("name", "Another Name")).expect(200);

        Reply reply = getIfNoneMatch(user.path(), "\"1\"").expect(200);

        assertThat(reply.header("ETag")).isEqualTo("\"2\"");
        assertThat(reply.body().path("name").textValue()).isEqualTo("Another Name");
    }

    private Reply getIfNoneMatch(String path, String ifNoneMatch) {
        return api.send(api.request(path, user.token())
                .header("If-None-Match", ifNoneMatch)
                .GET());
    }

    private void assertShowsUser(Reply reply) {
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("ETag")).isEqualTo("\"1\"");
        assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(reply.header("Vary")).isEqualTo("Authorization");
        assertThat(reply.body().fieldNames())
                .toIterable()
                .containsExactly(
                        "id", "name", "email", "email_verified", "role", "profile", "created_at", "updated_at");
        assertThat(reply.body().path("id").textValue()).isEqualTo(user.id().toString());
        assertThat(reply.body().path("name").textValue()).isEqualTo("A Person");
        assertThat(reply.body().path("email").textValue()).isEqualTo(user.email());
        assertThat(reply.body().path("role").textValue()).isEqualTo("user");
    }
}
