package dev.roster.command.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateUserIT {
    private static final String NEW_PASSWORD = "Another-Horse-9";

    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();
    private final JsonNode before = readUser();

    @ParameterizedTest
    @CsvSource({"name,Juliet Ross-Hill", "email,Juliet.Hill@Example.com", "role,admin"})
    void oneMemberIsChangedAndTheOthersAreKept(String member, String value) {
        Reply reply = api.put(user.path(), user.token(), Map.of(member, value)).expect(200);

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("ETag")).isEqualTo("\"2\"");
        assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
        ObjectNode expected = before.deepCopy();
        expected.put(member, value);
        expected.set("updated_at", reply.body().path("updated_at"));
        assertThat(reply.body()).isEqualTo(expected);
        assertThat(time(reply.body(), "updated_at")).isAfter(time(before, "updated_at"));
        assertThat(readUser()).isEqualTo(expected);
    }

    @Test
    void allMembersCanBeChangedAtOnce() {
        String email = Api.newEmail();

        JsonNode changed = api.put(
                        user.path(),
                        user.token(),
                        Map.of(
                                "name",
                                "  B Person ",
                                "email",
                                " " + email + "  ",
                                "role",
                                "admin",
                                "password",
                                NEW_PASSWORD,
                                "current_password",
                                Api.PASSWORD))
                .expect(200)
                .body();

        assertThat(changed.path("name").textValue()).isEqualTo("B Person");
        assertThat(changed.path("email").textValue()).isEqualTo(email);
        assertThat(changed.path("role").textValue()).isEqualTo("admin");
        assertThat(readUser()).isEqualTo(changed);
        api.login(email, NEW_PASSWORD).expect(200);
    }

    @Test
    void everyChangeIncreasesTheVersion() {
        for (int version = 2; version <= 4; version++) {
            Reply reply = api.put(user.path(), user.token(), Map.of("name", "Version " + version))
                    .expect(200);
            assertThat(reply.header("ETag")).isEqualTo("\"" + version + "\"");
        }
    }

    static Stream<Map<String, Object>> changesOfNothing() {
        return Stream.of(
                Map.of("name", "A Person"),
                Map.of("name", "  A Person\u00a0"),
                Map.of("role", "user"),
                Map.of("name", "A Person", "role", "user"),
                Map.of("name", "A Person", "current_password", "not looked at"));
    }

    @ParameterizedTest
    @MethodSource("changesOfNothing")
    void updateThatChangesNothingKeepsTheVersion(Map<String, Object> changes) {
        Map<String, Object> all = new HashMap<>(changes);
        all.put("email", " " + user.email());

        for (Map<String, Object> body : List.of(changes, all)) {
            Reply reply = api.put(user.path(), user.token(), body, "\"1\"").expect(200);

            assertThat(reply.header("ETag")).isEqualTo("\"1\"");
            assertThat(reply.header("Consistency-Token")).isNotNull();
            assertThat(reply.body()).isEqualTo(before);
        }
        api.put(user.path(), user.token(), changes, "\"2\"").expectProblem(412, "version-conflict");
        assertThat(eventsOfUser()).isEqualTo("registered logged_in");
        assertThat(readUser()).isEqualTo(before);
    }

    @Test
    void eventNamesOnlyTheMembersThatChanged() {
        api.put(user.path(), user.token(), Map.of("name", "A Person", "role", "admin", "email", user.email()))
                .expect(200);
        api.put(user.path(), user.token(), Map.of("name", "A person", "role", "admin"))
                .expect(200);

        assertThat(eventsOfUser()).isEqualTo("registered logged_in details_changed:role details_changed:name");
    }

    /** It ends the other sessions, and the hash is another. */
    @Test
    void samePasswordAgainIsAChange() {
        String other = api.newToken(user.email());

        Reply reply = api.put(
                        user.path(),
                        user.token(),
                        Map.of("name", "A Person", "password", Api.PASSWORD, "current_password", Api.PASSWORD))
                .expect(200);

        assertThat(reply.header("ETag")).isEqualTo("\"2\"");
        api.get("/users/me", other).expectInvalidToken();
        assertThat(eventsOfUser())
                .startsWith("registered logged_in logged_in ")
                .contains("password_changed")
                .doesNotContain("details_changed");
    }

    private String eventsOfUser() {
        List<String> events = ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT type || coalesce(':' || details, '')
                          FROM audit_events
                         WHERE target_id = :id
                         ORDER BY occurred_at, id
                        """)
                .bind("id", user.id())
                .mapTo(String.class)
                .list());
        return String.join(" ", events);
    }

    @Test
    void updateRequiresAMemberToChange() {
        Reply empty = api.put(user.path(), user.token(), Map.of()).expectInvalid("body");
        Reply onlyProof = api.put(user.path(), user.token(), Map.of("current_password", Api.PASSWORD))
                .expectInvalid("body");

        assertThat(empty.errors()).containsEntry("body", "must have one of: name, email, role, profile, password");
        assertThat(onlyProof.errors()).isEqualTo(empty.errors());
        assertThat(readUser()).isEqualTo(before);
    }

    @Test
    void allInvalidMembersAreNamedAtOnce() {
        api.put(
                        user.path(),
                        user.token(),
                        Map.of("name", "", "email", "@", "role", "king", "password", "short", "id", "1"))
                .expectInvalid("name", "email", "role", "password", "current_password", "id");

        assertThat(readUser()).isEqualTo(before);
    }

    @Test
    void takenAddressIsRefusedAndNothingIsChanged() {
        Api.TestUser other = api.newUser();
        String taken = " " + other.email().toUpperCase(Locale.ROOT);

        api.put(user.path(), user.token(), Map.of("name", "B", "email", taken)).expectProblem(409, "email-taken");

        assertThat(readUser()).isEqualTo(before);
    }

    @Test
    void ownerCanChangeTheCaseOfTheAddress() {
        String email = user.email().toUpperCase(Locale.ROOT);

        JsonNode changed = api.put(user.path(), user.token(), Map.of("email", email))
                .expect(200)
                .body();

        assertThat(changed.path("email").textValue()).isEqualTo(email);
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    @Test
    void formerAddressCanBeRegistered() {
        api.put(user.path(), user.token(), Map.of("email", Api.newEmail())).expect(200);

        api.register(Api.newBody(user.email())).expect(201);
    }

    /** A8 */
    @Test
    void newPasswordRequiresTheCurrentOne() {
        Reply reply = api.put(user.path(), user.token(), Map.of("name", "B", "password", NEW_PASSWORD))
                .expectInvalid("current_password");

        assertThat(reply.errors()).containsEntry("current_password", "is required with password");
        assertThat(readUser()).isEqualTo(before);
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** A8 */
    @ParameterizedTest
    @ValueSource(strings = {"", "Wrong-Horse-9", Api.PASSWORD + " ", NEW_PASSWORD})
    void wrongCurrentPasswordIsRefusedAndNothingIsChanged(String current) {
        api.put(user.path(), user.token(), Map.of("name", "B", "password", NEW_PASSWORD, "current_password", current))
                .expectProblem(403, "forbidden");

        assertThat(readUser()).isEqualTo(before);
        api.login(user.email(), Api.PASSWORD).expect(200);
        api.login(user.email(), NEW_PASSWORD).expectProblem(401, "invalid-credentials");
    }

    /** A9 */
    @Test
    void passwordChangeRevokesAllOtherTokensOfTheUser() {
        List<String> others =
                Stream.generate(() -> api.newToken(user.email())).limit(5).toList();
        Api.TestUser stranger = api.newUser();

        changePassword().expect(200);

        assertThat(others).allSatisfy(token -> api.get("/users/me", token).expectInvalidToken());
        api.get("/users/me", user.token()).expect(200);
        api.get("/users/me", stranger.token()).expect(200);
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
        String next = api.login(user.email(), NEW_PASSWORD)
                .expect(200)
                .body()
                .path("access_token")
                .textValue();
        api.get("/users/me", next).expect(200);
    }

    @Test
    void otherChangesKeepAllTokens() {
        String other = api.newToken(user.email());

        api.put(user.path(), user.token(), Map.of("email", Api.newEmail(), "role", "admin"))
                .expect(200);

        api.get("/users/me", other).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "*", "\"0\", \"1\"", "\"9\",\"1\" , W/\"1\"", ", \"1\",", " \"1\" ", "W/\"1\""})
    void matchingIfMatchIsAccepted(String ifMatch) {
        Reply reply =
                api.put(user.path(), user.token(), Map.of("name", "B"), ifMatch).expect(200);

        assertThat(reply.header("ETag")).isEqualTo("\"2\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2\"",
                "\"0\", \"2\"",
                "W/\"2\"",
                "w/\"1\"",
                "W/ \"1\"",
                "\"01\"",
                "\"+1\"",
                "\"1 \"",
                "\"\"",
                "\"*\"",
                "\"99999999999999999999\"",
                "1",
                "garbage",
                "garbage \"1\"",
                "\"1\" garbage",
                "\"1",
                ",",
                "*, \"2\""
            })
    void mismatchedIfMatchIsRefused(String ifMatch) {
        api.put(user.path(), user.token(), Map.of("name", "B"), ifMatch).expectProblem(412, "version-conflict");

        assertThat(readUser()).isEqualTo(before);
    }

    @Test
    void repeatedIfMatchHeadersAreCombined() {
        api.send(api.request(user.path(), user.token())
                        .header("Content-Type", "application/json")
                        .header("If-Match", "\"7\"")
                        .header("If-Match", "\"1\"")
                        .PUT(BodyPublishers.ofString(TestTokens.json(Map.of("name", "B")))))
                .expect(200);
    }

    @Test
    void outdatedVersionIsRefused() {
        api.put(user.path(), user.token(), Map.of("name", "B"), "\"1\"").expect(200);

        api.put(user.path(), user.token(), Map.of("name", "C"), "\"1\"").expectProblem(412, "version-conflict");

        assertThat(readUser().path("name").textValue()).isEqualTo("B");
    }

    @Test
    void passwordAndTokensAreKeptIfTheVersionDoesNotMatch() {
        String other = api.newToken(user.email());

        api.put(user.path(), user.token(), Map.of("password", NEW_PASSWORD, "current_password", Api.PASSWORD), "\"2\"")
                .expectProblem(412, "version-conflict");

        api.get("/users/me", other).expect(200);
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    @Test
    void updateRequiresAToken() {
        api.put(user.path(), null, Map.of("name", "B")).expectUnauthenticated();

        assertThat(readUser()).isEqualTo(before);
    }

    @Test
    void updateWithAnInvalidTokenIsRefused() {
        api.put(user.path(), "garbage", Map.of("name", "B")).expectInvalidToken();

        assertThat(readUser()).isEqualTo(before);
    }

    @Test
    void otherUsersCannotBeUpdated() {
        Api.TestUser other = api.newUser();

        api.put(user.path(), other.token(), Map.of("name", "B")).expectProblem(403, "forbidden");
        api.put(user.path(), other.token(), Map.of("name", "B"), "\"9\"").expectProblem(403, "forbidden");

        assertThat(readUser()).isEqualTo(before);
    }

    @Test
    void updateOfAnUnknownIdIsNotFound() {
        String path = "/users/" + UUID.randomUUID();

        api.put(path, user.token(), Map.of("name", "B")).expectProblem(404, "not-found");
        api.put(path, user.token(), Map.of("name", "B"), "\"1\"").expectProblem(404, "not-found");
        api.put("/users/1-1-1-1-1", user.token(), Map.of("name", "B")).expectProblem(404, "not-found");
    }

    private Reply changePassword() {
        return api.put(user.path(), user.token(), Map.of("password", NEW_PASSWORD, "current_password", Api.PASSWORD));
    }

    private JsonNode readUser() {
        return api.get(user.path(), user.token()).expect(200).body();
    }

    private static Instant time(JsonNode user, String member) {
        return Instant.parse(user.path(member).textValue());
    }
}
