package dev.roster.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Profiles within the operator's schema, and lists that are filtered by the members that it marks. */
class ProfileSchemaIT {
    private static final String SCHEMA = "src/test/resources/profiles/schema.json";
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().on(DATABASE).with("PROFILE_SCHEMA", SCHEMA);

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    @Test
    void profileMustSatisfyTheSchema() {
        Reply reply = put("{\"city\":\"\",\"theme\":\"red\",\"languages\":[\"en\",\"xyz\"],\"contact\":{},\"x\":1}")
                .expectInvalid("profile/city", "profile/theme", "profile/languages/1", "profile/contact", "profile/x");

        assertThat(reply.errors()).containsEntry("profile/x", "is not a known member");
        put("{\"city\":\"Rome\",\"theme\":\"dark\",\"languages\":[\"it\"],\"contact\":{\"phone\":1}}")
                .expect(200);
        put("{\"contact\":{\"phone\":null}}").expectInvalid("profile/contact");
    }

    @Test
    void registrationMustSatisfyTheSchema() {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("profile", Map.of("age", -1));

        api.register(body).expectInvalid("profile/age");
    }

    @Test
    void profileOfAnEarlierSchemaStaysUntilItChanges() {
        set(user, "{\"old\": 1}");

        Reply read = api.get(user.path(), user.token()).expect(200);
        api.put(user.path(), user.token(), read.text().replace("A Person", "B")).expect(200);
        put("{\"city\":\"Rome\"}").expectInvalid("profile/old");
        put("{\"city\":\"Rome\",\"old\":null}").expect(200);
    }

    @ParameterizedTest
    @CsvSource({"city,\"Zürich\",Z%C3%BCrich", "age,30,30", "vegan,true,true", "city,\"a&b=c/%\",a%26b%3Dc%2F%25"})
    void listIsFilteredByAMarkedMember(String member, String value, String parameter) {
        set(user, "{\"" + member + "\": " + value + "}");

        assertThat(ids("profile." + member + "=" + parameter))
                .containsExactly(user.id().toString());
        assertThat(ids("profile." + member + "=" + parameter + "&role=user&q=person&sort=-name"))
                .containsExactly(user.id().toString());
        assertThat(ids("profile." + member + "=" + parameter + "&role=admin")).isEmpty();
        set(user, "{}");
        assertThat(ids("profile." + member + "=" + parameter)).isEmpty();
    }

    @Test
    void operatorsFilterListAndCountByAMarkedMember() {
        AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ));
        set(user, "{\"city\": \"Naples\"}");

        Reply list = admin.get("/users?status=active&profile.city=Naples").expect(200);

        assertThat(list.body().path("users").findValuesAsText("id"))
                .containsExactly(user.id().toString());
        assertThat(admin.get("/users/count?profile.city=Naples").expect(200).text())
                .isEqualTo("{\"count\":1,\"exact\":true}");
        admin.get("/users?profile.theme=dark").expectInvalid("profile.theme");
    }

    @Test
    void longTextIsStoredAndNotFound() {
        String text = "x".repeat(100);
        put("{\"city\":\"" + text + "y\"}").expect(200);
        assertThat(ids("profile.city=" + text)).isEmpty();

        put("{\"city\":\"" + text + "\"}").expect(200);
        assertThat(ids("profile.city=" + text)).containsExactly(user.id().toString());

        put("{\"city\":\"" + "😀".repeat(2000) + "\"}").expect(200);
    }

    @Test
    void pagesOfAFilteredListFollowEachOther() {
        List<Api.TestUser> users = List.of(user, api.newUser(), api.newUser());
        users.forEach(each -> set(each, "{\"city\": \"Turin\"}"));

        Reply first = list("profile.city=Turin&limit=2");
        String cursor = first.body().path("next_cursor").asText();
        Reply second = list("profile.city=Turin&limit=2&cursor=" + cursor);

        assertThat(first.header("Link")).contains("profile.city=Turin");
        assertThat(first.body().at("/users/1/id").asText())
                .isEqualTo(users.get(1).id().toString());
        assertThat(second.body().at("/users/0/id").asText())
                .isEqualTo(users.get(2).id().toString());
        assertThat(second.body().at("/users/1").isMissingNode()).isTrue();
        get("profile.city=Rome&limit=2&cursor=" + cursor).expectInvalid("cursor");
        get("limit=2&cursor=" + cursor).expectInvalid("cursor");
        users.forEach(each -> set(each, "{}"));
    }

    @ParameterizedTest
    @CsvSource({
        "profile.theme=dark, profile.theme, is not a known parameter",
        "profile=dark, profile, is not a known parameter",
        "profile.city=a&profile.city=b, profile.city, must be given once",
        "profile.city=, profile.city, must not be empty",
        "profile.city=%00, profile.city, must not contain control characters",
        "profile.city=a&profile.age=1, profile.age, must be the only member of profile"
    })
    void filterThatCannotBeUsedIsNamed(String query, String field, String message) {
        assertThat(get(query).expectInvalid(field).errors()).containsEntry(field, message);
    }

    @Test
    void valueOfAFilterIsNotTooLong() {
        get("profile.city=" + "x".repeat(101)).expectInvalid("profile.city");
    }

    @Test
    void migrationMakesTheIndexesOfMarkedMembersAlone() {
        TestDatabase database = TestDatabase.migrated();
        assertThat(indexes(database)).isEmpty();

        migrate(database, SCHEMA);
        assertThat(indexes(database))
                .containsExactly(
                        "users_profile_age_created_at",
                        "users_profile_age_email_key",
                        "users_profile_age_name_key",
                        "users_profile_city_created_at",
                        "users_profile_city_email_key",
                        "users_profile_city_name_key",
                        "users_profile_vegan_created_at",
                        "users_profile_vegan_email_key",
                        "users_profile_vegan_name_key");

        // As after a CREATE INDEX CONCURRENTLY that was interrupted.
        database.jdbi()
                .useHandle(handle -> handle.execute("UPDATE pg_index SET indisvalid = false"
                        + " WHERE indexrelid = 'users_profile_age_created_at'::regclass"));
        assertThat(indexes(database)).hasSize(8);
        migrate(database, SCHEMA);
        assertThat(indexes(database)).hasSize(9);

        migrate(database, "src/test/resources/profiles/any-but-theme.json");
        assertThat(indexes(database)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-file.json", "src/test/resources", "src/test/resources/logback-test.xml"})
    void fileThatHasNoSchemaStopsTheStartWithOneLine(String path) {
        for (String command : List.of("server", "db migrate")) {
            Outcome outcome = CommandLine.run(
                    DATABASE.variables(Map.of("PROFILE_SCHEMA", path)), (command + " config.yml").split(" "));

            assertThat(outcome.failed()).isTrue();
            assertThat(outcome.errors().lines())
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("Roster does not start: PROFILE_SCHEMA: "));
        }
    }

    private static void migrate(TestDatabase database, String schema) {
        Outcome outcome =
                CommandLine.run(database.variables(Map.of("PROFILE_SCHEMA", schema)), "db", "migrate", "config.yml");

        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
    }

    private static List<String> indexes(TestDatabase database) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                         WHERE indisvalid AND relname LIKE 'users\\_profile\\_%' ORDER BY relname
                        """).mapTo(String.class).list());
    }

    private Reply put(String profile) {
        return api.put(user.path(), user.token(), "{\"profile\":" + profile + "}");
    }

    private Reply get(String query) {
        return api.get("/users?" + query, user.token());
    }

    private Reply list(String query) {
        return get(query).expect(200);
    }

    private List<String> ids(String query) {
        return list(query).body().findValuesAsText("id");
    }

    private static void set(Api.TestUser user, String profile) {
        ROSTER.jdbi().useHandle(handle -> handle.createUpdate(
                        "UPDATE users SET profile = CAST(:profile AS jsonb) WHERE id = :id")
                .bind("profile", profile)
                .bind("id", user.id())
                .execute());
    }
}
