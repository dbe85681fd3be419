package dev.roster.admin.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.body.QueryParameters;
import dev.roster.query.list.ListPlace;
import dev.roster.support.RosterExtension;
import io.dropwizard.db.ManagedDataSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PostgreSQL's plans for pages of 120,000 events in six months, over the service's own connections. */
class AuditPlansIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("audit.sealInterval", "1h");

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
                    INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, request_id, key_id,
                                              actor, actor_mac, mac)
                    SELECT gen_random_uuid(), '2025-01-01Z'::timestamptz + i * interval '2 min',
                           CASE WHEN i % 1000 = 0 THEN 'enabled' WHEN i % 100 = 0 THEN 'details_changed'
                                ELSE 'logged_in' END,
                           CASE WHEN i % 100 = 0 THEN NULL ELSE md5((i % 1000)::text)::uuid END,
                           md5((i % 1000)::text)::uuid, 'r' || i,
                           CASE WHEN i % 100 = 0 THEN 'ABCDEFGHIJKL' END,
                           CASE WHEN i % 500 = 0 THEN 'desk 7' END, CASE WHEN i % 500 = 0 THEN '\\x00'::bytea END,
                           '\\x00'
                      FROM generate_series(1, 120000) AS i
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
        "target=c4ca4238-a0b9-2382-0dcc-509a6f75849b&type=enabled, target_id",
        "type=enabled&from=2025-02-01T00:00:00Z&to=2025-02-02T00:00:00Z, '_'",
    })
    void everyFilterHasItsIndex(String query, String index) {
        QueryParameters parameters = new QueryParameters(query.replace(' ', '+'), AuditFilters.PARAMETERS);
        AuditFilters filters = AuditFilters.of(parameters);
        parameters.requireValid();

        for (ListPlace place : Arrays.asList(null, new ListPlace("2025-04-01T00:00:00Z", new UUID(0, 0)))) {
            assertThat(plan(new AuditStatement(filters, place, 51)))
                    .contains("Limit", index)
                    .contains("Index")
                    .doesNotContain("Seq Scan", "Gather");
        }
    }

    /** Months before and after the range are not read. */
    @ParameterizedTest
    @CsvSource({
        "from=2025-02-01T00:00:00Z&to=2025-02-02T00:00:00Z",
        "from=2025-02-01T00:00:00Z&to=2025-02-02T00:00:00Z&type=enabled",
    })
    void monthsOutsideOfTheRangeAreNotRead(String query) {
        QueryParameters parameters = new QueryParameters(query, AuditFilters.PARAMETERS);

        String plan = plan(new AuditStatement(AuditFilters.of(parameters), null, 51));

        assertThat(plan).contains("audit_events_2025_02").doesNotContain("2025_01", "2025_03", "2025_06");
    }

    private static String plan(AuditStatement page) {
        return Jdbi.create(Objects.requireNonNull(connections))
                .withHandle(handle -> String.join(
                        "\n",
                        page.bind(handle.createQuery("EXPLAIN " + page.sql()))
                                .mapTo(String.class)
                                .list()));
    }
}
