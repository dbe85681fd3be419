package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.profile.FilterIndexes;
import dev.roster.profile.ProfileFilter;
import dev.roster.query.filter.ProfileValue;
import dev.roster.query.filter.SearchTerm;
import dev.roster.query.filter.TimeRange;
import dev.roster.query.filter.UserFilters;
import dev.roster.support.RosterExtension;
import dev.roster.user.Role;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PostgreSQL's plans for lists that are filtered by a member of the profile, on 100,000 users. */
class ProfileFilterPlansIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final TimeRange ALWAYS = new TimeRange(null, null);
    private static final ProfileFilter CITY = new ProfileFilter("city");

    @BeforeAll
    static void insertPeople() throws SQLException {
        try (var handle = ROSTER.jdbi().open()) {
            ManyUsers.insert(handle, """
                    INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at, profile)
                    SELECT gen_random_uuid(), 'A ' || md5(i::text), i || '@example.com', 'user', 'x',
                           to_timestamp(i), to_timestamp(i),
                           CASE WHEN i % 10 = 0 THEN '{}'
                                WHEN i % 1000 = 1 THEN '{"city": "Rare"}'
                                ELSE '{"city": "Frequent", "age": 1}' END::jsonb
                      FROM generate_series(1, 100000) AS i
                    """);
            handle.execute("VACUUM ANALYZE users");
            new FilterIndexes(List.of(CITY)).migrate(handle.getConnection());
        }
    }

    @ParameterizedTest
    @EnumSource
    void pageIsReadInTheOrderOfTheMembersIndex(Sort sort) {
        for (String value : List.of("Frequent", "Rare", "Nowhere")) {
            for (ListPlace place : Arrays.asList(null, middle(sort))) {
                for (Role role : Arrays.asList(null, new Role("user"))) {
                    assertThat(plan(sort, role, value, place))
                            .contains("using users_profile_city_" + sort.column(), "Index Cond")
                            .doesNotContain("Seq Scan", "Sort");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void searchReadsNoTable(Sort sort) {
        UserList list = list(sort, null, new SearchTerm("zq"), "Frequent");

        assertThat(plan(new ListStatement(list, null, 51))).doesNotContain("Seq Scan");
    }

    private static String plan(Sort sort, @Nullable Role role, String value, @Nullable ListPlace place) {
        return plan(new ListStatement(list(sort, role, null, value), place, 51));
    }

    private static UserList list(Sort sort, @Nullable Role role, @Nullable SearchTerm term, String value) {
        return new UserList(
                sort, new UserFilters(role, term, new ProfileValue(CITY, value), null, null, ALWAYS, ALWAYS));
    }

    private static String plan(ListStatement page) {
        return ROSTER.jdbi()
                .withHandle(handle -> String.join(
                        "\n",
                        page.bind(handle.createQuery("EXPLAIN " + page.sql(UserListResource.VIEW)))
                                .mapTo(String.class)
                                .list()));
    }

    private static ListPlace middle(Sort sort) {
        String key =
                switch (sort) {
                    case CREATED_AT, CREATED_AT_DESCENDING -> "1970-01-01 14:00:00+00";
                    case NAME, NAME_DESCENDING -> "a 8";
                    case EMAIL, EMAIL_DESCENDING -> "5";
                };
        return new ListPlace(key, new UUID(0, 0));
    }
}
