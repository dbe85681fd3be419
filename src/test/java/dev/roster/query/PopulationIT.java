package dev.roster.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Exposition;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** The number of users and of open sessions. */
class PopulationIT {
    private final TestDatabase database = TestDatabase.migrated();
    private final Jdbi jdbi = database.jdbi();
    private final PrometheusRegistry metrics = new PrometheusRegistry();

    @Test
    void startingNodeCountsUsersAndOpenSessions() throws Exception {
        insertUsers(5);
        jdbi.useHandle(handle -> handle.execute("""
                INSERT INTO sessions (id, user_id, expires_at)
                SELECT gen_random_uuid(), id, now() + CASE WHEN email < '3' THEN interval '1 h' ELSE interval '-1 s' END
                  FROM users
                """));
        RosterExtension roster = new RosterExtension().on(database);
        roster.start();
        try {
            Exposition exposition = Exposition.of(new Api(roster.admin()));

            assertThat(exposition.value("roster_users")).isEqualTo(5);
            assertThat(exposition.value("roster_sessions")).isEqualTo(2);
        } finally {
            roster.stop();
        }
    }

    @Test
    void maximumIsCountedExactly() {
        insertUsers(10);
        jdbi.useHandle(handle -> handle.execute("ANALYZE users"));
        insertUsers(10, 5);

        new Population(jdbi, 15, metrics).run();

        assertThat(users()).isEqualTo(15);
    }

    /** PostgreSQL knows of the ten users that it has analyzed. */
    @Test
    void aboveTheMaximumTheEstimateCounts() {
        insertUsers(10);
        jdbi.useHandle(handle -> handle.execute("ANALYZE users"));
        insertUsers(10, 5);

        new Population(jdbi, 3, metrics).run();

        assertThat(users()).isEqualTo(10);
    }

    /** Before the first ANALYZE, PostgreSQL's estimate is -1. */
    @Test
    void estimateIsNeverBelowWhatWasCounted() {
        insertUsers(10);

        new Population(jdbi, 3, metrics).run();

        assertThat(users()).isEqualTo(4);
    }

    @Test
    void nothingIsShownBeforeTheFirstCount() {
        Population unused = new Population(jdbi, 3, metrics);

        assertThat(metrics.scrape(name -> name.equals("roster_users")).stream()
                        .flatMap(snapshot -> snapshot.getDataPoints().stream()))
                .isEmpty();
    }

    private double users() {
        GaugeSnapshot users = (GaugeSnapshot)
                metrics.scrape(name -> name.equals("roster_users")).get(0);
        return users.getDataPoints().get(0).getValue();
    }

    private void insertUsers(int count) {
        insertUsers(0, count);
    }

    private void insertUsers(int after, int count) {
        jdbi.useHandle(handle -> handle.execute("""
                INSERT INTO users (id, name, email, password_hash)
                SELECT gen_random_uuid(), 'A', i || '@example.com', 'x'
                  FROM generate_series(CAST(? AS int) + 1, CAST(? AS int)) AS i
                """, after, after + count));
    }
}
