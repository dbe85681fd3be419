package dev.roster.admin.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.body.QueryParameters;
import dev.roster.query.list.ListPlace;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.ExecutedPlan;
import io.dropwizard.db.ManagedDataSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL's plans for pages of 120,000 events in six months, over the service's own connections. */
class AuditPlansIT {
    /** The most events that a page may read: those of the rarer filter, and a page. */
    private static final long MOST = 300;

    /** The same if the index finds stretches of 128 kB, and does not know the last stretch of each month. */
    private static final long MOST_BY_REQUEST = 5_000;

    /** Frequent, rare and absent values of each filter, and the same in plain SQL. */
    private static final Map<String, String> FILTERS = new LinkedHashMap<>();

    static {
        FILTERS.put(
                "target=c4ca4238-a0b9-2382-0dcc-509a6f75849b", "target_id = 'c4ca4238-a0b9-2382-0dcc-509a6f75849b'");
        FILTERS.put(
                "target=f899139d-f5e1-0593-9643-1415e770c6dd", "target_id = 'f899139d-f5e1-0593-9643-1415e770c6dd'");
        FILTERS.put("actor=c4ca4238-a0b9-2382-0dcc-509a6f75849b", "actor_id = 'c4ca4238-a0b9-2382-0dcc-509a6f75849b'");
        FILTERS.put("actor=desk+7", "actor = 'desk 7'");
        FILTERS.put("actor=nobody", "false");
        FILTERS.put("key=ABCDEFGHIJKL", "key_id = 'ABCDEFGHIJKL'");
        FILTERS.put("key=MNOPQRSTUVWX", "false");
        FILTERS.put("type=logged_in", "type = 'logged_in'");
        FILTERS.put("type=details_changed", "type = 'details_changed'");
        FILTERS.put("type=enabled", "type = 'enabled'");
        FILTERS.put("type=key_created", "false");
        FILTERS.put(
                "from=2025-02-01T00:00:00Z&to=2025-02-02T00:00:00Z",
                "occurred_at >= '2025-02-01Z' AND occurred_at < '2025-02-02Z'");
        FILTERS.put("request_id=r1000", "request_id = 'r1000'");
    }

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("audit.sealInterval", "1h");

    private static final List<@Nullable ListPlace> PLACES =
            Arrays.asList(null, new ListPlace("2025-04-01T00:00:00Z", new UUID(0, 0)));

    private static @Nullable ManagedDataSource connections;

    /** Of 1,000 users. Most events are logins; every hundredth is an operator's. */
    @BeforeAll
    static void insertEvents() {
        ROSTER.jdbi().useHandle(handle -> {
            for (int month = 1; month <= 6; month++) {
                handle.execute("CREATE TABLE IF NOT EXISTS audit_events_2025_0" + month
                        + " PARTITION OF audit_events FOR VALUES FROM ('2025-0" + month + "-01Z') TO ('2025-0"
                        + (month + 1) + "-01Z')");
            }
            handle.execute("""
                    INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, request_id, ip, key_id,
                                              actor, actor_mac, reason, reason_mac, user_agent, user_agent_mac, mac)
                    SELECT gen_random_uuid(), '2025-01-01Z'::timestamptz + i * interval '2 min',
                           CASE WHEN i % 1000 = 0 THEN 'enabled' WHEN i % 100 = 0 THEN 'details_changed'
                                ELSE 'logged_in' END,
                           CASE WHEN i % 100 = 0 THEN NULL ELSE md5((i % 1000)::text)::uuid END,
                           md5((i % 1000)::text)::uuid, 'r' || i, '2001:db8::1',
                           CASE WHEN i % 100 = 0 THEN 'ABCDEFGHIJKL' END,
                           CASE WHEN i % 500 = 0 THEN 'desk 7' END, CASE WHEN i % 500 = 0 THEN mac END,
                           CASE WHEN i % 100 = 0 THEN 'Ticket ' || i END, CASE WHEN i % 100 = 0 THEN mac END,
                           'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', mac, mac
                      FROM generate_series(1, 120000) AS i, sha256('x') AS mac
                    """);
            handle.execute("VACUUM ANALYZE audit_events");
        });
        connections = ROSTER.support()
                .getConfiguration()
                .database()
                .lists()
                .build(ROSTER.support().getEnvironment().metrics(), "plans");
    }

    @AfterAll
    static void close() throws Exception {
        if (connections != null) {
            connections.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', pkey",
        "type=logged_in, pkey",
        "from=2025-02-01T00:00:00Z&to=2025-02-02T00:00:00Z, pkey",
        "target=c4ca4238-a0b9-2382-0dcc-509a6f75849b, target_id",
        "actor=c4ca4238-a0b9-2382-0dcc-509a6f75849b, target_id",
        "actor=c4ca4238-a0b9-2382-0dcc-509a6f75849b, actor_id",
        "actor=desk 7, actor",
        "actor=nobody, actor",
        "key=ABCDEFGHIJKL, key_id",
        "key=MNOPQRSTUVWX, key_id",
        "type=enabled, type",
        "type=key_created, type",
        "request_id=r777, request_id",
        "key=ABCDEFGHIJKL&type=details_changed, key_id_type",
        "target=c4ca4238-a0b9-2382-0dcc-509a6f75849b&type=enabled, target_id",
        "type=enabled&from=2025-02-01T00:00:00Z&to=2025-02-02T00:00:00Z, '_'",
    })
    void everyFilterHasItsIndex(String query, String index) {
        AuditFilters filters = parse(query.replace(' ', '+'));

        for (ListPlace place : PLACES) {
            assertThat(plan(new AuditStatement(filters, place, 51)))
                    .contains("Limit", index)
                    .contains("Index")
                    .doesNotContain("Seq Scan", "Gather");
        }
    }

    /** No filter, each one, and each two that have no parameter in common. */
    static Stream<List<String>> filters() {
        List<String> filters = List.copyOf(FILTERS.keySet());
        Stream<List<String>> pairs = filters.stream().flatMap(first -> filters.stream()
                .filter(second ->
                        first.compareTo(second) < 0 && !parameter(first).equals(parameter(second)))
                .map(second -> List.of(first, second)));
        return Stream.concat(
                Stream.concat(Stream.of(List.of()), filters.stream().map(List::of)), pairs);
    }

    private static String parameter(String filter) {
        return filter.substring(0, filter.indexOf('='));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void pageHasTheRightEventsAndReadsFew(List<String> filters) {
        AuditFilters parsed = parse(String.join("&", filters));
        long most = filters.stream().anyMatch(filter -> filter.startsWith("request_id")) ? MOST_BY_REQUEST : MOST;

        for (ListPlace place : PLACES) {
            AuditStatement page = new AuditStatement(parsed, place, 51);
            jdbi().useHandle(handle -> {
                assertThat(page.read(handle).stream().map(AuditEntry::requestId))
                        .as("%s", place)
                        .isEqualTo(expected(filters, place));

                ExecutedPlan plan = ExecutedPlan.of(page.bind(handle.createQuery(ExecutedPlan.explain(page.sql()))));

                assertThat(plan.toString()).doesNotContain("Seq Scan", "Gather");
                assertThat(plan.rowsRead()).as("%s: %s", place, plan).isLessThan(most);
            });
        }
    }

    private static List<String> expected(List<String> filters, @Nullable ListPlace place) {
        String conditions = filters.stream()
                .map(filter -> "(" + FILTERS.get(filter) + ") AND ")
                .collect(Collectors.joining());
        String after = place == null ? "true" : "(occurred_at, id) < ('" + place.key() + "', '" + place.id() + "')";
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT request_id FROM audit_events WHERE "
                        + conditions + after + " ORDER BY occurred_at DESC, id DESC LIMIT 51")
                .mapTo(String.class)
                .list());
    }

    /** Months before and after the range are not read. */
    @ParameterizedTest
    @CsvSource({
        "from=2025-02-01T00:00:00Z&to=2025-02-02T00:00:00Z",
        "from=2025-02-01T00:00:00Z&to=2025-02-02T00:00:00Z&type=enabled",
    })
    void monthsOutsideOfTheRangeAreNotRead(String query) {
        String plan = plan(new AuditStatement(parse(query), null, 51));

        assertThat(plan).contains("audit_events_2025_02").doesNotContain("2025_01", "2025_03", "2025_06");
    }

    private static AuditFilters parse(String query) {
        QueryParameters parameters = new QueryParameters(query, AuditFilters.PARAMETERS);
        AuditFilters filters = AuditFilters.of(parameters);
        parameters.requireValid();
        return filters;
    }

    /** The service's connections. */
    private static Jdbi jdbi() {
        return Jdbi.create(Objects.requireNonNull(connections));
    }

    private static String plan(AuditStatement page) {
        return jdbi().withHandle(handle -> String.join(
                "\n",
                page.bind(handle.createQuery("EXPLAIN " + page.sql()))
                        .mapTo(String.class)
                        .list()));
    }
}
