package dev.roster.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Everybody sees whether an address is proven. Only the person and operators see the one that is pending. */
class OwnUserIT {
    private static final String PENDING = "New.Address@example.org";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final AdminApi admin =
            new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ, Scope.USERS_WRITE));
    private final Api.TestUser user = api.newUser();
    private final Api.TestUser other = api.newUser();

    @Test
    void pendingAddressIsShownToThePersonAlone() {
        ObjectNode shown = (ObjectNode) api.get("/users?q=" + user.email(), other.token())
                .expect(200)
                .body()
                .at("/users/0");
        change("pending_email = '" + PENDING + "'");
        JsonNode own = shown.deepCopy().put("pending_email", PENDING);

        for (int i = 0; i < 2; i++) { // the second time from the cache
            assertThat(api.get(user.path(), user.token()).expect(200).body()).isEqualTo(own);
            assertThat(api.get("/users/me", user.token()).expect(200).body()).isEqualTo(own);
            assertThat(api.get(user.path(), other.token()).expect(200).body()).isEqualTo(shown);
        }
        assertThat(api.login(user.email(), Api.PASSWORD).expect(200).body().path("user"))
                .isEqualTo(own);
    }

    /** Chrome keeps one answer for each URL, and shows it after a 304, whoever has logged in meanwhile. */
    @Test
    void tagOfOneViewDoesNotMatchTheOther() {
        change("pending_email = '" + PENDING + "'");
        String own = tag(api.get(user.path(), user.token()));
        String shown = tag(api.get(user.path(), other.token()));

        getIfNoneMatch(own, user).expect(304);
        getIfNoneMatch(shown, other).expect(304);
        assertThat(getIfNoneMatch(own, other).expect(200).text()).doesNotContain(PENDING);
        assertThat(getIfNoneMatch(shown, user).expect(200).text()).contains(PENDING);
        String changed = tag(api.put(user.path(), user.token(), Map.of("name", "B"), own));
        api.put(user.path(), user.token(), Map.of("name", "C"), own).expectProblem(412, "version-conflict");
        getIfNoneMatch(changed, user).expect(304);
        api.put(user.path(), user.token(), Map.of("name", "C"), tag(api.get("/users/me", user.token())))
                .expect(200);
    }

    private static String tag(Reply reply) {
        return String.valueOf(reply.expect(200).header("ETag"));
    }

    private Reply getIfNoneMatch(String tag, Api.TestUser caller) {
        return api.send(api.request(user.path(), caller.token())
                .header("If-None-Match", tag)
                .GET());
    }

    @Test
    void pendingAddressIsNotListed() {
        change("pending_email = '" + PENDING + "'");

        for (String query : new String[] {"?limit=200", "?limit=200&q=person", "?q=" + PENDING}) {
            for (Api.TestUser caller : new Api.TestUser[] {user, other}) {
                assertThat(api.get("/users" + query, caller.token()).expect(200).text())
                        .doesNotContain(PENDING, "pending_email");
            }
        }
    }

    @Test
    void updateAnswersWithThePendingAddress() {
        change("pending_email = '" + PENDING + "'");

        JsonNode changed = api.put(user.path(), user.token(), Map.of("name", "B"))
                .expect(200)
                .body();

        assertThat(changed.path("pending_email").textValue()).isEqualTo(PENDING);
        assertThat(changed.path("email").textValue()).isEqualTo(user.email());
    }

    @Test
    void operatorsSeeThePendingAddressEverywhere() {
        String path = "/users/" + user.id();
        change("pending_email = '" + PENDING + "'");

        JsonNode shown = admin.get(path).expect(200).body();

        assertThat(shown.path("pending_email").textValue()).isEqualTo(PENDING);
        assertThat(admin.get("/users?email=" + user.email()).expect(200).body().path("users"))
                .containsExactly(shown);
        assertThat(admin.put(path, Map.of("name", "B"), "*").expect(200).body().path("pending_email"))
                .isEqualTo(shown.path("pending_email"));
        assertThat(admin.post(path + "/enable", Map.of()).expect(200).body().path("pending_email"))
                .isEqualTo(shown.path("pending_email"));
    }

    @Test
    void everybodySeesThatAnAddressIsProven() {
        change("email_verified_at = '2026-11-22T07:04:31Z'");

        assertThat(api.get(user.path(), user.token())
                        .body()
                        .path("email_verified")
                        .booleanValue())
                .isTrue();
        assertThat(api.get(user.path(), other.token())
                        .body()
                        .path("email_verified")
                        .booleanValue())
                .isTrue();
        assertThat(api.login(user.email(), Api.PASSWORD)
                        .body()
                        .at("/user/email_verified")
                        .booleanValue())
                .isTrue();
        assertThat(api.get("/users?q=" + user.email(), other.token())
                        .body()
                        .at("/users/0/email_verified")
                        .booleanValue())
                .isTrue();
        assertThat(admin.get("/users/" + user.id())
                        .body()
                        .path("email_verified")
                        .booleanValue())
                .isTrue();
        assertThat(api.get(other.path(), user.token())
                        .body()
                        .path("email_verified")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void newAddressIsNotProvenAndAnotherCaseOfItIs() {
        change("email_verified_at = now()");
        String upper = user.email().toUpperCase(Locale.ROOT);

        JsonNode sameAddress = api.put(user.path(), user.token(), Map.of("email", upper))
                .expect(200)
                .body();
        JsonNode newAddress = api.put(user.path(), user.token(), Map.of("email", Api.newEmail()))
                .expect(200)
                .body();

        assertThat(sameAddress.path("email").textValue()).isEqualTo(upper);
        assertThat(sameAddress.path("email_verified").booleanValue()).isTrue();
        assertThat(newAddress.path("email_verified").booleanValue()).isFalse();
    }

    private void change(String assignment) {
        int unused = ROSTER.jdbi()
                .withHandle(handle -> handle.execute("UPDATE users SET " + assignment + " WHERE id = ?", user.id()));
    }
}
