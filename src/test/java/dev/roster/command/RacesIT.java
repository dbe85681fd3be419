package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Concurrent requests end as if they had run one after the other, and none gets 500. */
class RacesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private static final int MANY = 200;

    private final Api api = ROSTER.api();

    /** F7, V11 */
    @RepeatedTest(3)
    void oneOfManyRegistrationsGetsTheAddress() throws Exception {
        String email = Api.newEmail();
        List<String> spellings = spellings(email);

        List<Reply> replies =
                Concurrently.run(MANY, i -> api.register(Api.newBody(spellings.get(i % spellings.size()))));

        assertThat(spellings).doesNotHaveDuplicates().hasSize(12);
        assertThat(statuses(replies)).isEqualTo(Map.of(201, 1L, 409, MANY - 1L));
        assertThat(replies)
                .filteredOn(reply -> reply.status() == 409)
                .allSatisfy(reply -> reply.expectProblem(409, "email-taken"));
        assertThat(usersOf(email)).isEqualTo(1);
        api.login(email, Api.PASSWORD).expect(200);
    }

    /** F8 */
    @Test
    void oneOfManyUpdatesGetsTheAddress() throws Exception {
        List<TestUser> users =
                IntStream.range(0, MANY).mapToObj(i -> api.newUser()).toList();
        String email = Api.newEmail();
        List<String> spellings = spellings(email);

        List<Reply> replies = Concurrently.run(MANY, i -> {
            TestUser user = users.get(i);
            return api.put(user.path(), user.token(), Map.of("email", spellings.get(i % spellings.size())));
        });

        assertThat(statuses(replies)).isEqualTo(Map.of(200, 1L, 409, MANY - 1L));
        assertThat(usersOf(email)).isEqualTo(1);
    }

    @Test
    void registrationAndUpdateCannotBothGetAnAddress() throws Exception {
        TestUser user = api.newUser();
        String email = Api.newEmail();

        List<Reply> replies = Concurrently.run(
                20,
                i -> i % 2 == 0
                        ? api.register(Api.newBody(email))
                        : api.put(user.path(), user.token(), Map.of("email", email)));

        assertThat(usersOf(email)).isEqualTo(1);
        assertThat(statuses(replies).keySet()).isSubsetOf(200, 201, 409).contains(409);
    }

    /** Two users who want each other's address wait for each other's lock. Both get 409, not an error. */
    @RepeatedTest(20)
    void usersCannotSwapAddresses() throws Exception {
        List<TestUser> users = List.of(api.newUser(), api.newUser());

        List<Reply> replies = Concurrently.run(20, i -> {
            TestUser user = users.get(i % 2);
            return api.put(
                    user.path(),
                    user.token(),
                    Map.of("email", users.get((i + 1) % 2).email()));
        });

        assertThat(statuses(replies)).isEqualTo(Map.of(409, 20L));
    }

    /** Z6 */
    @RepeatedTest(3)
    void oneOfManyUpdatesChangesAVersion() throws Exception {
        TestUser user = api.newUser();

        List<Reply> replies =
                Concurrently.run(50, i -> api.put(user.path(), user.token(), Map.of("name", "Racer " + i), "\"1\""));

        assertThat(statuses(replies)).isEqualTo(Map.of(200, 1L, 412, 49L));
        Reply winner = replies.stream()
                .filter(reply -> reply.status() == 200)
                .findFirst()
                .orElseThrow();
        Reply now = api.get(user.path(), user.token()).expect(200);
        assertThat(now.text()).isEqualTo(winner.text());
        assertThat(now.header("ETag")).isEqualTo("\"2\"");
    }

    /** Z6 */
    @RepeatedTest(3)
    void changesOfDifferentMembersAreAllKept() throws Exception {
        TestUser user = api.newUser();
        String email = Api.newEmail();
        List<Map<String, String>> changes = List.of(
                Map.of("name", "Another Name"),
                Map.of("email", email),
                Map.of("role", "admin"),
                Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD));

        List<Reply> replies = Concurrently.run(changes.size(), i -> api.put(user.path(), user.token(), changes.get(i)));

        assertThat(statuses(replies)).isEqualTo(Map.of(200, 4L));
        Reply now = api.get(user.path(), user.token()).expect(200);
        assertThat(now.header("ETag")).isEqualTo("\"5\"");
        assertThat(now.body().path("name").textValue()).isEqualTo("Another Name");
        assertThat(now.body().path("email").textValue()).isEqualTo(email);
        assertThat(now.body().path("role").textValue()).isEqualTo("admin");
        api.login(email, "Another-Horse-9").expect(200);
    }

    @Test
    void everyChangeIncreasesTheVersion() throws Exception {
        TestUser user = api.newUser();

        List<Reply> replies =
                Concurrently.run(50, i -> api.put(user.path(), user.token(), Map.of("name", "Racer " + i)));

        assertThat(statuses(replies)).isEqualTo(Map.of(200, 50L));
        assertThat(replies).extracting(reply -> reply.header("ETag")).doesNotHaveDuplicates();
        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"51\"");
    }

    /** F8 */
    @RepeatedTest(5)
    void updatesDoNotRestoreADeletedUser() throws Exception {
        TestUser user = api.newUser();
        TestUser other = api.newUser();

        List<Reply> replies = Concurrently.run(
                20,
                i -> i == 7
                        ? api.delete(user.path(), user.token())
                        : api.put(user.path(), user.token(), Map.of("name", "Racer " + i)));

        replies.get(7).expect(204);
        assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isIn(200, 204, 401, 404));
        api.get(user.path(), other.token()).expectProblem(404, "not-found");
        api.get("/users/me", user.token()).expectInvalidToken();
    }

    /** F8, Z6 */
    @RepeatedTest(5)
    void changeAndDeletionCannotBothMatchAVersion() throws Exception {
        TestUser user = api.newUser();
        TestUser other = api.newUser();

        List<Reply> replies = Concurrently.run(
                2,
                i -> i == 0
                        ? api.put(user.path(), user.token(), Map.of("name", "Racer"), "\"1\"")
                        : api.send(api.request(user.path(), user.token())
                                .header("If-Match", "\"1\"")
                                .DELETE()));

        int change = replies.get(0).status();
        int deletion = replies.get(1).status();
        if (change == 200) {
            assertThat(deletion).isEqualTo(412);
            api.get(user.path(), other.token()).expect(200);
        } else {
            assertThat(change).isIn(401, 404);
            assertThat(deletion).isEqualTo(204);
            api.get(user.path(), other.token()).expectProblem(404, "not-found");
        }
    }

    /** F8 */
    @RepeatedTest(5)
    void userIsDeletedOnce() throws Exception {
        TestUser user = api.newUser();

        List<Reply> replies = Concurrently.run(20, i -> api.delete(user.path(), user.token()));

        assertThat(statuses(replies)).containsEntry(204, 1L);
        assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isIn(204, 401, 404));
    }

    @RepeatedTest(5)
    void logoutSucceedsDuringChangesAndADeletion() throws Exception {
        TestUser user = api.newUser();
        IntFunction<Reply> step = i -> switch (i % 3) {
            case 0 -> api.logout(user.token());
            case 1 -> api.put(user.path(), user.token(), Map.of("name", "Racer " + i));
            default -> i == 2 ? api.delete(user.path(), user.token()) : api.get("/users/me", user.token());
        };

        List<Reply> replies = Concurrently.run(30, step);

        for (int i = 0; i < replies.size(); i++) {
            if (i % 3 == 0) {
                replies.get(i).expect(204);
            } else {
                assertThat(replies.get(i).status()).isIn(200, 204, 401, 404);
            }
        }
        api.get("/users/me", user.token()).expectInvalidToken();
    }

    @RepeatedTest(3)
    void repeatedLogoutsOfOneTokenSucceed() throws Exception {
        TestUser user = api.newUser();

        assertThat(statuses(Concurrently.run(50, i -> api.logout(user.token()))))
                .isEqualTo(Map.of(204, 50L));
    }

    /** A9 */
    @RepeatedTest(5)
    void oneOfTwoNewPasswordsWins() throws Exception {
        TestUser user = api.newUser();
        List<String> tokens = List.of(user.token(), api.newToken(user.email()));
        List<String> passwords = List.of("First-Horse-99", "Second-Horse-99");

        List<Reply> replies = Concurrently.run(
                2,
                i -> api.put(
                        user.path(),
                        tokens.get(i),
                        Map.of("password", passwords.get(i), "current_password", Api.PASSWORD)));

        int winner = replies.get(0).status() == 200 ? 0 : 1;
        replies.get(winner).expect(200);
        assertThat(replies.get(1 - winner).status()).isIn(401, 403, 412);
        api.get("/users/me", tokens.get(winner)).expect(200);
        api.get("/users/me", tokens.get(1 - winner)).expectInvalidToken();
        api.login(user.email(), passwords.get(winner)).expect(200);
        api.login(user.email(), passwords.get(1 - winner)).expectProblem(401, "invalid-credentials");
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
    }

    /** A9: a login with the old password that runs meanwhile fails, or its token is revoked. */
    @RepeatedTest(5)
    void passwordChangeLeavesNoTokenOfTheOldPassword() throws Exception {
        TestUser user = api.newUser();

        List<Reply> replies = Concurrently.run(
                10,
                i -> i == 5
                        ? api.put(
                                user.path(),
                                user.token(),
                                Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                        : api.login(user.email(), Api.PASSWORD));

        replies.get(5).expect(200);
        for (Reply reply : replies) {
            JsonNode token = reply.body().path("access_token");
            if (token.isTextual()) {
                api.get("/users/me", token.textValue()).expectInvalidToken();
            }
        }
        api.get("/users/me", user.token()).expect(200);
    }

    /** B3 */
    @RepeatedTest(3)
    void loginsSucceedWhileTheHashIsRenewed() throws Exception {
        TestUser user = api.newUser();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE users SET password_hash = '$2b$' || substr(password_hash, 5) WHERE id = ?", user.id()));

        List<Reply> replies = Concurrently.run(20, i -> api.login(user.email(), Api.PASSWORD));

        assertThat(statuses(replies)).isEqualTo(Map.of(200, 20L));
    }

    private int usersOf(String email) {
        return ROSTER.jdbi()
                .withHandle(handle -> handle.select("SELECT count(*) FROM users WHERE lower(btrim(email)) = ?", email)
                        .mapTo(Integer.class)
                        .one());
    }

    private static Map<Integer, Long> statuses(List<Reply> replies) {
        return replies.stream().collect(Collectors.groupingBy(Reply::status, Collectors.counting()));
    }

    /** Twelve spellings of one address. */
    private static List<String> spellings(String email) {
        String domain = email.substring(email.indexOf('@'));
        String local = email.substring(0, email.indexOf('@'));
        List<String> locals = List.of(
                local,
                local.toUpperCase(Locale.ROOT),
                local.substring(0, 1).toUpperCase(Locale.ROOT) + local.substring(1));
        List<String> domains = List.of(domain, domain.toUpperCase(Locale.ROOT), domain + " ", domain.replace('e', 'E'));
        return locals.stream()
                .flatMap(first -> domains.stream().map(second -> first + second))
                .toList();
    }
}
