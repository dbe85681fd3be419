package dev.roster.admin.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list and the count of users for operators. {@code OperatorListPlansIT} has all pairs of filters. */
class OperatorListIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("roles.all", "user,admin,owner");

    private final AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ));

    @Test
    void listedUserEqualsTheUserReadAlone() {
        execute("DELETE FROM users");
        TestUser user = ROSTER.api().newUser();

        Reply list = admin.get("/users").expect(200);

        assertThat(list.header("Content-Type")).isEqualTo("application/json");
        assertThat(list.header("Cache-Control")).isEqualTo("no-store");
        assertThat(list.text())
                .isEqualTo("{\"users\":[" + admin.get("/users/" + user.id()).text() + "],\"next_cursor\":null}");
    }

    /** Users are created a microsecond apart; each filter is tried at, before and after a user's time. */
    @ParameterizedTest
    @CsvSource({
        "created_from=2026-11-22T07:04:31.000002Z, 2 3",
        "created_from=2026-11-22T07:04:31.0000011Z, 2 3",
        "created_from=2026-11-22T07:04:31.000001000Z, 1 2 3",
        "created_to=2026-11-22T07:04:31.000002Z, 1",
        "created_to=2026-11-22T07:04:31.0000020001Z, ''",
        "created_to=2026-11-22T07:04:31.000002001Z, 1 2",
        "created_from=2026-11-22t07:04:31.000002z&created_to=2026-11-22T07:04:31.000003Z, 2",
        "created_from=2026-11-22T09:04:31.000002%2B02:00, 2 3",
        "created_from=2026-11-21T19:34:31.000002-11:30, 2 3",
        "created_from=2026-11-22T07:04:32Z, ''",
        "created_to=2026-11-22T07:04:31Z, ''",
        "created_from=2026-11-22T07:04:31.000003Z&created_to=2026-11-22T07:04:31.000001Z, ''",
        "created_from=0000-01-01T00:00:00Z&created_to=9999-12-31T23:59:59.999999999Z, 1 2 3",
        "last_login_from=2026-11-23T00:00:00.000002Z, 2",
        "last_login_to=2026-11-23T00:00:00.000002Z, 1",
        "last_login_from=2026-11-23T00:00:00Z, 1 2",
        "last_login_from=2026-11-23T01:00:00.000002%2B01:00&last_login_to=2026-11-23T00:00:00.000003Z, 2",
        "email=1@EXAMPLE.com, 1",
        "email=%201@example.com%20, 1",
        "email=9@example.com, ''",
        "email=1@example.com&status=disabled, ''",
        "status=active, 1 3",
        "status=disabled, 2",
        "status=disabled&q=person, 2",
        "status=active&role=owner&sort=-name, 3 1",
        "role=user, ''",
    })
    void filtersSelectUsers(String query, String expected) {
        execute("DELETE FROM users");
        execute("""
                INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at,
                                   disabled_at, disabled_until)
                SELECT gen_random_uuid(), 'Person ' || i, i || '@example.com', 'owner', 'x',
                       '2026-11-22T07:04:31Z'::timestamptz + i * interval '1 microsecond', now(),
                       CASE WHEN i > 1 THEN now() END,
                       CASE WHEN i = 2 THEN now() + interval '1 day' WHEN i = 3 THEN now() - interval '1 s' END
                  FROM generate_series(1, 3) AS i
                """);
        execute("""
                INSERT INTO last_logins (user_id, last_login_at)
                SELECT id, '2026-11-23Z'::timestamptz + (created_at - '2026-11-22T07:04:31Z'::timestamptz)
                  FROM users
                 WHERE name < 'Person 3'
                """);
        if (query.contains("0000020001")) { // ten digits
            admin.get("/users?" + query).expectInvalid("created_to");
            return;
        }

        List<String> listed = new ArrayList<>();
        admin.get("/users?" + query)
                .expect(200)
                .body()
                .path("users")
                .forEach(user -> listed.add(user.path("email").asText().substring(0, 1)));

        assertThat(String.join(" ", listed)).isEqualTo(expected);
        String counted = query.replaceAll("&sort=-name", "");
        assertThat(admin.get("/users/count?" + counted).expect(200).text())
                .isEqualTo("{\"count\":" + listed.size() + ",\"exact\":true}");
    }

    @Test
    void disabledUserIsShownWithReasonAndEnd() {
        TestUser user = ROSTER.api().newUser();
        execute("UPDATE users SET disabled_at = now(), disabled_until = '2999-01-01Z', disabled_reason = 'Spam',"
                + " password_reset_required_at = now() WHERE id = '" + user.id() + "'");

        JsonNode shown = listed(user);

        assertThat(shown.path("status").asText()).isEqualTo("disabled");
        assertThat(shown.path("disabled_until").asText()).isEqualTo("2999-01-01T00:00:00.000000Z");
        assertThat(shown.path("disabled_reason").asText()).isEqualTo("Spam");
        assertThat(shown.path("password_reset_required").booleanValue()).isTrue();

        execute("UPDATE users SET disabled_until = now() WHERE id = '" + user.id() + "'");

        assertThat(listed(user).path("status").asText()).isEqualTo("active");
        assertThat(listed(user).path("disabled_until").isNull()).isTrue();
        assertThat(listed(user).path("disabled_reason").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"9999, true", "10000, true", "10001, false"})
    void countIsExactUpToTenThousand(int size, boolean isExact) {
        execute("DELETE FROM users");
        execute("""
                INSERT INTO users (id, name, email, password_hash, created_at, updated_at)
                SELECT gen_random_uuid(), 'Person', i || '@example.com', 'x', '2026-01-01Z', now()
                  FROM generate_series(1, %d) AS i
                """.formatted(size));
        execute("INSERT INTO last_logins SELECT id, '2026-02-01Z' FROM users");
        execute("ANALYZE users");

        for (String query : List.of(
                "",
                "?role=user",
                "?status=active",
                "?q=person",
                "?q=o",
                "?created_from=2026-01-01T00:00:00Z",
                "?last_login_to=2026-03-01T00:00:00Z",
                "?status=active&last_login_to=2026-03-01T00:00:00Z&q=@")) {
            JsonNode body = admin.get("/users/count" + query).expect(200).body();

            assertThat(body.path("exact").booleanValue()).as(query).isEqualTo(isExact);
            if (isExact) {
                assertThat(body.path("count").intValue()).as(query).isEqualTo(size);
            } else {
                assertThat(body.path("count").intValue()).as(query).isGreaterThan(10_000);
            }
        }
        assertThat(admin.get("/users/count?role=admin").expect(200).text()).isEqualTo("{\"count\":0,\"exact\":true}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22",
                "2026-11-22T07:04Z",
                "2026-11-22T07:04:31",
                "2026-11-22T07:04:31+02:00",
                "2026-11-22%2007:04:31Z",
                "2026-02-30T00:00:00Z",
                "2026-11-22T24:00:00Z",
                "2026-11-22T23:59:60Z",
                "2026-11-22T07:04:31.Z",
                "2026-11-22T07:04:31,5Z",
                "2026-11-22T07:04:31%2B0200",
                "2026-11-22T07:04:31%2B25:00",
                "+2026-11-22T07:04:31Z",
                "12026-11-22T07:04:31Z",
                "%EF%BC%92026-11-22T07:04:31Z",
                "2026-11-22T07:04:31Z%00",
                "2026-11-22T07:04:31Z%0A",
                "1763795071",
                "now",
                "infinity",
                "%E2%80%AE",
                "9999999999999999999999999999999999999999999999999999999999"
            })
    void invalidTimeIsRefused(String time) {
        for (String name : List.of("created_from", "created_to", "last_login_from", "last_login_to")) {
            for (String path : List.of("/users", "/users/count")) {
                assertThat(admin.get(path + "?" + name + "=" + time)
                                .expectInvalid(name)
                                .errors())
                        .containsExactly(Map.entry(
                                name,
                                "must be a time of RFC 3339, such as 2026-11-30T14:00:00Z;"
                                        + " + of an offset is written %2B"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status=Active, status, 'must be one of: active, disabled'",
        "status=%00, status, 'must be one of: active, disabled'",
        "status=active&status=disabled, status, must be given once",
        "status=, status, must not be empty",
        "email=nobody, email, must be a well-formed e-mail address",
        "email=a%00@example.com, email, must be a well-formed e-mail address",
        "email=a%E2%80%AE@example.com, email, must be a well-formed e-mail address",
        "role=root, role, 'must be one of: admin, owner, user'",
        "disabled=true, disabled, is not a known parameter",
        "created=2026, created, is not a known parameter",
        "%E2%80%AE=1, '\u202e', is not a known parameter",
    })
    void invalidParameterIsRefused(String query, String name, String message) {
        for (String path : List.of("/users", "/users/count")) {
            Reply reply = admin.get(path + "?" + query).expectInvalid(name);
            if (!name.equals("email")) { // EmailValuesIT has its messages
                assertThat(reply.errors()).containsEntry(name, message);
            }
        }
    }

    @Test
    void hugeParameterIsRefused() {
        assertThat(admin.get("/users?email=" + "a".repeat(5000) + "@example.com")
                        .expectInvalid("email")
                        .errors())
                .containsEntry("email", "must be at most 254 characters");
        assertThat(admin.get("/users?q=" + "a".repeat(5000)).expectInvalid("q").errors())
                .containsEntry("q", "must be 1 to 100 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=1", "cursor=x", "sort=name"})
    void countKnowsNoPages(String parameter) {
        String name = parameter.substring(0, parameter.indexOf('='));

        assertThat(admin.get("/users/count?" + parameter).expectInvalid(name).errors())
                .containsEntry(name, "is not a known parameter");
    }

    @Test
    void allInvalidParametersAreNamedAtOnce() {
        admin.get("/users?limit=0&cursor=x&role=x&q=%00&sort=x&email=x&status=x&created_from=x&created_to=x"
                        + "&last_login_from=x&last_login_to=x&x=x")
                .expectInvalid(
                        "limit",
                        "cursor",
                        "role",
                        "q",
                        "sort",
                        "email",
                        "status",
                        "created_from",
                        "created_to",
                        "last_login_from",
                        "last_login_to",
                        "x");
    }

    @Test
    void publicListKnowsNoneOfTheFilters() {
        String token = ROSTER.api().newUser().token();

        for (String name :
                List.of("email", "status", "created_from", "created_to", "last_login_from", "last_login_to")) {
            assertThat(ROSTER.api()
                            .get("/users?" + name + "=x", token)
                            .expectInvalid(name)
                            .errors())
                    .containsEntry(name, "is not a known parameter");
        }
    }

    @Test
    void cursorBelongsToItsFilters() {
        ROSTER.api().newUser();
        ROSTER.api().newUser();
        String filters = "status=active&created_from=2020-01-01T00:00:00Z&last_login_from=2020-01-01T00:00:00Z";
        Reply first = admin.get("/users?limit=1&" + filters).expect(200);
        String cursor = first.body().path("next_cursor").asText();

        assertThat(first.header("Link"))
                .isEqualTo("<users?limit=1&" + filters.replace(":", "%3A") + "&cursor=" + cursor + ">; rel=\"next\"");
        admin.get("/users?limit=2&" + filters + "&cursor=" + cursor).expect(200);
        admin.get("/users?" + filters.replace("00Z", "00%2B00:00") + "&cursor=" + cursor)
                .expect(200);
        for (String other : List.of(
                "",
                "status=active",
                filters.replace("active", "disabled"),
                filters.replace("2020", "2021"),
                filters.replace("created_from", "created_to"),
                filters + "&role=user",
                filters + "&email=a@example.com",
                filters + "&sort=name")) {
            assertThat(admin.get("/users?" + other + "&cursor=" + cursor)
                            .expectInvalid("cursor")
                            .errors())
                    .containsEntry("cursor", "must be the next_cursor of a page of this list");
        }
        ROSTER.api()
                .get("/users?cursor=" + cursor, ROSTER.api().newUser().token())
                .expectInvalid("cursor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users?limit=1", "/users/count?status=active"})
    void headAnswersLikeGet(String path) {
        ROSTER.api().newUser();
        ROSTER.api().newUser();

        Reply get = admin.get(path).expect(200);
        Reply head = admin.send(admin.request(path).method("HEAD", BodyPublishers.noBody()))
                .expect(200);

        assertThat(head.text()).isEmpty();
        for (String header : List.of("Content-Type", "Content-Length", "Cache-Control", "Link")) {
            assertThat(head.header(header)).as(header).isEqualTo(get.header(header));
        }
    }

    private JsonNode listed(TestUser user) {
        return admin.get("/users?email=" + user.email())
                .expect(200)
                .body()
                .path("users")
                .path(0);
    }

    private static void execute(String sql) {
        ROSTER.jdbi().useHandle(handle -> handle.execute(sql));
    }
}
