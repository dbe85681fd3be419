package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.command.login.LoginCommands;
import dev.roster.query.filter.SearchTerm;
import dev.roster.query.filter.TimeRange;
import dev.roster.query.filter.UserFilters;
import dev.roster.support.RosterExtension;
import dev.roster.user.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL's plans for the service's statements on 100,000 users, over the service's own connections. */
class ListUsersPlansIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final TimeRange ALWAYS = new TimeRange(null, null);
    private static final UUID ANY_ID = UUID.fromString("80000000-0000-7000-8000-000000000000");

    private static @Nullable ManyUsers users;

    @BeforeAll
    static void insertPeople() {
        users = ManyUsers.in(ROSTER);
    }

    @AfterAll
    static void close() throws Exception {
        if (users != null) {
            users.close();
        }
    }

    /** Common, rare and absent texts, of one, two and more characters, with and without trigrams. */
    static Stream<Arguments> searches() {
        List<String> terms = List.of(
                "juliet",
                "example.com",
                "@example.com",
                "e",
                "an",
                "zq",
                "@",
                "~",
                "o m",
                "юлия",
                "Ю",
                "太郎",
                "😀",
                "c4ca4238",
                "z@example.com",
                "no such piece at all",
                "%");
        return lists().flatMap(list -> terms.stream().map(term -> arguments(list.get()[0], list.get()[1], term)));
    }

    static Stream<Arguments> lists() {
        return Arrays.stream(Sort.values())
                .flatMap(sort -> Stream.of(null, "user", "admin", "nobody").map(role -> arguments(sort, role)));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void pageIsReadInIndexOrder(Sort sort, @Nullable String role) {
        UserList list = list(sort, role, null);

        String index = role == null || role.equals("user") ? "using users_" : "using users_role_" + sort.column();
        for (int limit : new int[] {2, 51, 201}) {
            assertThat(plan(new ListStatement(list, null, limit)))
                    .contains(index)
                    .doesNotContain("Seq Scan", "Sort");
            assertThat(plan(new ListStatement(list, middle(sort), limit)))
                    .contains(index, "Index Cond")
                    .doesNotContain("Seq Scan", "Sort");
        }
    }

    @ParameterizedTest
    @MethodSource("searches")
    void searchUsesOnlyIndexes(Sort sort, @Nullable String role, String text) {
        UserList list = list(sort, role, text);

        for (ListPlace place : Arrays.asList(null, middle(sort))) {
            assertThat(plan(new ListStatement(list, place, 51)))
                    .contains("Index Only Scan", "Limit")
                    .doesNotContain("Seq Scan", "Gather");
        }
    }

    /** The statement scans a stretch of the list first. If that does not fill the page, it uses these indexes. */
    @ParameterizedTest
    @EnumSource
    void rareTextIsFoundByTheSearchIndexes(Sort sort) {
        for (String role : new String[] {null, "user"}) {
            for (ListPlace place : Arrays.asList(null, middle(sort))) {
                for (String text :
                        List.of("zq", "q", "田中", "ж", "~", "z@example.com", "com.com", "no such piece at all")) {
                    assertThat(plan(sort, role, text, place)).contains("Bitmap Index Scan on users_pieces");
                }
                for (String text : List.of("c4ca4238", "nobody", "c4ca4238a0b923820dcc509a6f75849b")) {
                    assertThat(plan(sort, role, text, place)).contains("Bitmap Index Scan on users_trigrams");
                }
            }
        }
    }

    private static String plan(Sort sort, @Nullable String role, String text, @Nullable ListPlace place) {
        UserList list = list(sort, role, text);
        return plan(new ListStatement(list, place, 51));
    }

    @Test
    void loginFindsItsUserByIndex() throws NoSuchMethodException {
        String sql = LoginCommands.class
                .getMethod("find", String.class)
                .getAnnotation(SqlQuery.class)
                .value();

        List<String> plan = ROSTER.jdbi().withHandle(handle -> handle.createQuery("EXPLAIN " + sql)
                .bind("email", "A@b.c")
                .mapTo(String.class)
                .list());

        assertThat(String.join("\n", plan)).contains("Index").doesNotContain("Seq Scan");
    }

    private static ListPlace middle(Sort sort) {
        String key =
                switch (sort) {
                    case CREATED_AT, CREATED_AT_DESCENDING -> "1970-01-01 14:00:00+00";
                    case NAME, NAME_DESCENDING -> "m";
                    case EMAIL, EMAIL_DESCENDING -> "8";
                };
        return new ListPlace(key, ANY_ID);
    }

    private static UserList list(Sort sort, @Nullable String role, @Nullable String text) {
        return new UserList(
                sort,
                new UserFilters(
                        role == null ? null : new Role(role),
                        text == null ? null : new SearchTerm(text),
                        null,
                        null,
                        null,
                        ALWAYS,
                        ALWAYS));
    }

    private static String plan(ListStatement page) {
        return Objects.requireNonNull(users)
                .jdbi()
                .withHandle(handle -> String.join(
                        "\n",
                        page.bind(handle.createQuery("EXPLAIN " + page.sql(UserListResource.VIEW)))
                                .mapTo(String.class)
                                .list()));
    }
}
