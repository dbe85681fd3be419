package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.body.QueryParameters;
import dev.roster.query.OperatorUser;
import dev.roster.query.filter.Filters;
import dev.roster.query.filter.UserFilters;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.ExecutedPlan;
import dev.roster.user.Roles;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the operators' lists and counts answer and read on 100,000 users: each filter, and each pair of filters. */
class OperatorListPlansIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final int PAGE = 51;

    /** The most rows that a page may read: of the list, and of its rarest filter. */
    private static final long MOST_FOR_A_PAGE = 45_000;

    /** The most rows that a count may read: also each last login. */
    private static final long MOST_FOR_A_COUNT = MOST_FOR_A_PAGE + 66_667;

    private static final ListView<OperatorUser> VIEW = new ListView<>(
            "/admin/v1/users", UserFilters.ALL, OperatorUser.COLUMNS, (row, context) -> OperatorUser.read(row));

    private static final Filters KNOWN = new Filters(new Roles(Set.of("user", "admin"), Set.of("user")), List.of());

    /** Frequent, rare and absent values of each filter, and the same in plain SQL. */
    private static final Map<String, String> FILTERS = new LinkedHashMap<>();

    static {
        FILTERS.put("role=user", "role = 'user'");
        FILTERS.put("role=admin", "role = 'admin'");
        FILTERS.put("q=ab", "name ~ 'ab' OR email ~ 'ab'");
        FILTERS.put("q=c4ca4238", "name ~ 'c4ca4238' OR email ~ 'c4ca4238'");
        FILTERS.put("q=~", "false");
        FILTERS.put("status=active", "disabled_at IS NULL OR disabled_until IS NOT NULL");
        FILTERS.put("status=disabled", "disabled_at IS NOT NULL AND disabled_until IS NULL");
        FILTERS.put("created_to=1970-01-01T20:00:00Z", "created_at < to_timestamp(72000)");
        FILTERS.put(
                "created_from=1970-01-01T10:00:00Z&created_to=1970-01-01T10:01:00Z",
                "created_at BETWEEN to_timestamp(36000) AND to_timestamp(36059)");
        FILTERS.put("created_from=2026-01-01T00:00:00Z", "false");
        FILTERS.put(
                "last_login_from=2026-01-05T00:00:00Z",
                "id IN (SELECT user_id FROM last_logins WHERE last_login_at >= '2026-01-05Z')");
        FILTERS.put(
                "last_login_from=2026-02-01T00:00:00Z&last_login_to=2026-02-01T01:00:00Z",
                "id IN (SELECT user_id FROM last_logins"
                        + " WHERE last_login_at BETWEEN '2026-02-01Z' AND '2026-02-01T00:59Z')");
        FILTERS.put("last_login_to=2026-01-01T00:00:00Z", "false");
        FILTERS.put("email=C4CA42381@example.com", "email = 'c4ca42381@example.com'");
    }

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

    /** No filter, each one, and each two that have no parameter in common. */
    static Stream<List<String>> filters() {
        List<String> filters = List.copyOf(FILTERS.keySet());
        Stream<List<String>> pairs = filters.stream().flatMap(first -> filters.stream()
                .filter(second -> first.compareTo(second) < 0 && !subject(first).equals(subject(second)))
                .map(second -> List.of(first, second)));
        return Stream.concat(
                Stream.concat(Stream.of(List.of()), filters.stream().map(List::of)), pairs);
    }

    /** The filter without its value. */
    private static String subject(String filter) {
        return filter.replaceAll("(_from|_to)?=.*", "");
    }

    @ParameterizedTest
    @MethodSource("filters")
    void pageHasTheRightUsersAndReadsFewRows(List<String> filters) {
        handle(handle -> {
            for (Sort sort : List.of(Sort.CREATED_AT, Sort.CREATED_AT_DESCENDING, Sort.NAME, Sort.EMAIL_DESCENDING)) {
                UserList list = new UserList(sort, parse(filters));
                for (ListPlace place : Arrays.asList(null, middle(sort))) {
                    ListStatement page = new ListStatement(list, place, PAGE);

                    assertThat(page.read(handle, VIEW).stream()
                                    .map(listed -> listed.user().user().id()))
                            .as("%s %s", sort, place)
                            .isEqualTo(expected(handle, filters, sort, place));
                    ExecutedPlan plan =
                            ExecutedPlan.of(page.bind(handle.createQuery(ExecutedPlan.explain(page.sql(VIEW)))));
                    assertThatIndexesAreUsed(plan);
                    assertThat(plan.rowsRead())
                            .as("%s %s: %s", sort, place, plan)
                            .isLessThan(MOST_FOR_A_PAGE);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("filters")
    void countIsRightAndReadsFewRows(List<String> filters) {
        handle(handle -> {
            CountStatement count = new CountStatement(parse(filters));
            long all = handle.createQuery("SELECT count(*) FROM users WHERE " + plain(filters))
                    .mapTo(Long.class)
                    .one();

            UserCount counted = count.read(handle);

            if (all <= CountStatement.MAX_COUNTED) {
                assertThat(counted).isEqualTo(new UserCount(all, true));
            } else {
                assertThat(counted.exact()).isFalse();
                assertThat(counted.count()).isBetween(10_001L, (long) ManyUsers.SIZE);
            }
            ExecutedPlan plan = ExecutedPlan.of(count.bind(handle.createQuery(ExecutedPlan.explain(count.sql())))
                    .bind("limit", CountStatement.MAX_COUNTED + 1));
            assertThatIndexesAreUsed(plan);
            assertThat(plan.rowsRead()).as("%s", plan).isLessThan(MOST_FOR_A_COUNT);
        });
    }

    /** Of last logins, no row is read: only their indexes are. */
    private static void assertThatIndexesAreUsed(ExecutedPlan plan) {
        assertThat(plan.toString()).doesNotContain("Seq Scan", "Gather", "Merge Join");
        assertThat(plan.scansOf("last_logins")).isSubsetOf("Index Only Scan");
    }

    private static void handle(Consumer<Handle> test) {
        Objects.requireNonNull(users).jdbi().useHandle(test::accept);
    }

    private static UserFilters parse(List<String> filters) {
        QueryParameters parameters = new QueryParameters(String.join("&", filters), UserFilters.ALL);
        UserFilters parsed = UserFilters.of(parameters, KNOWN);
        parameters.requireValid();
        return parsed;
    }

    private static List<UUID> expected(Handle handle, List<String> filters, Sort sort, @Nullable ListPlace place) {
        String order = sort.isDescending() ? "<key> DESC, id DESC" : "<key>, id";
        String after = place == null
                ? "true"
                : "(<key>, id) " + (sort.isDescending() ? "<" : ">") + " ('" + place.key() + "', '" + place.id() + "')";
        String sql =
                "SELECT id FROM users WHERE " + plain(filters) + " AND " + after + " ORDER BY " + order + " LIMIT 51";
        return handle.createQuery(sql.replace("<key>", sort.column()))
                .mapTo(UUID.class)
                .list();
    }

    private static String plain(List<String> filters) {
        return filters.stream()
                        .map(filter -> "(" + FILTERS.get(filter) + ") AND ")
                        .collect(Collectors.joining()) + "true";
    }

    private static ListPlace middle(Sort sort) {
        String key =
                switch (sort) {
                    case CREATED_AT, CREATED_AT_DESCENDING -> "1970-01-01 14:00:00+00";
                    case NAME, NAME_DESCENDING -> "m";
                    case EMAIL, EMAIL_DESCENDING -> "8";
                };
        return new ListPlace(key, UUID.fromString("80000000-0000-7000-8000-000000000000"));
    }
}
