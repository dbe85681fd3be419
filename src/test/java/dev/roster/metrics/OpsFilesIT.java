package dev.roster.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Exposition;
import dev.roster.support.http.PromQl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard and the alerts in {@code ops} query only metrics that the service exposes. */
class OpsFilesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final Path OPS = Path.of("ops");

    private final Api admin = new Api(ROSTER.admin());

    /** Some metrics appear only after their first event. */
    @BeforeEach
    void causeCountedEvents() {
        TestUser user = ROSTER.api().newUser();
        ROSTER.api().get(user.path(), user.token()).expect(200);
        ROSTER.raw().send("GET / HTTP/3.7\r\nHost: a\r\n\r\n");
        Poll.until("the request is counted", Duration.ofSeconds(20), () -> new PromQl(
                        "http_server_request_duration_seconds_count{http_response_status_code=~\"5..\"}")
                .missingIn(Exposition.of(admin))
                .isEmpty());
    }

    @Test
    void alertsQueryOnlyExposedMetrics() throws IOException {
        List<JsonNode> rules = new ObjectMapper(new YAMLFactory())
                .readTree(OPS.resolve("prometheus/alerts.yml").toFile())
                .findValue("rules")
                .valueStream()
                .toList();
        assertThat(rules).hasSizeGreaterThanOrEqualTo(10);

        for (JsonNode rule : rules) {
            expectExposed(rule.path("expr").asText());
            assertThat(rule.path("labels").path("severity").asText()).isIn("page", "ticket");
            assertThat(rule.path("annotations").path("summary").asText()).isNotBlank();
            assertThat(rule.path("annotations").path("runbook").asText()).isNotBlank();
        }
    }

    @Test
    void scrapeConfigUsesTheJobNameOfTheAlertsAndTheMetricsPath() throws IOException {
        JsonNode scrape = new ObjectMapper(new YAMLFactory())
                .readTree(OPS.resolve("prometheus/prometheus.yml").toFile())
                .at("/scrape_configs/0");

        assertThat(Files.readString(OPS.resolve("prometheus/alerts.yml")))
                .contains("up{job=\"" + scrape.path("job_name").asText() + "\"}");
        assertThat(admin.raw("GET", scrape.path("metrics_path").asText())
                        .expect(200)
                        .text())
                .contains("# TYPE roster_build_info gauge");
    }

    @Test
    void dashboardQueriesOnlyExposedMetrics() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(OPS.resolve("grafana/roster.json").toFile());
        List<String> queries = dashboard.path("panels").findValuesAsText("expr");
        assertThat(queries).hasSizeGreaterThan(30);

        queries.forEach(this::expectExposed);
        assertThat(dashboard.path("panels").findValues("datasource"))
                .allMatch(source -> source.path("uid").asText().equals("${datasource}"));
    }

    /** A dead node exposes no metric, but Prometheus still has {@code up} for it. */
    @Test
    void deadNodesStayOnTheDashboard() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(OPS.resolve("grafana/roster.json").toFile());
        JsonNode nodes = panel(dashboard, "Nodes");

        assertThat(nodes.at("/targets/0/expr").asText())
                .startsWith("sum by (instance) (up{job=\"roster\", instance=~\"$instance\"}) + ");
        assertThat(nodes.at("/fieldConfig/defaults/mappings/0/options").findValuesAsText("text"))
                .containsExactly("down", "not ready", "ready");
        assertThat(dashboard.at("/templating/list").findValuesAsText("definition"))
                .containsExactly("label_values(up{job=\"roster\"}, instance)");
    }

    @Test
    void panelsOverlapNowhere() throws IOException {
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : new ObjectMapper()
                .readTree(OPS.resolve("grafana/roster.json").toFile())
                .path("panels")) {
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    String cell =
                            place.path("x").asInt() + x + " " + (place.path("y").asInt() + y);
                    assertThat(cells.add(cell)).as(panel.path("title").asText()).isTrue();
                }
            }
        }
        assertThat(cells).isNotEmpty();
    }

    /** The tests above would notice these mistakes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(roster_authentication_total[5m])",
                "roster_authentications",
                "roster_feed_fresh == 0 and roster_feed_stale == 1",
                "roster_healthcheck{nam=\"database\"}",
                "roster_healthcheck{name=\"databases\"}",
                "roster_job_failures_total{name=~\"purge|audit-year\"}",
                "sum by (outcom) (rate(roster_authentications_total[5m]))",
                "sum(rate(http_server_request_duration_seconds_count{http_status=\"200\"}[5m]))",
                "histogram_quantile(0.99, sum by (le, route) (rate(http_server_request_duration_seconds_bucket[5m])))"
            })
    void misspelledQueriesAreDetected(String query) {
        assertThat(new PromQl(query).missingIn(Exposition.of(admin))).isNotEmpty();
    }

    private static JsonNode panel(JsonNode dashboard, String title) {
        return dashboard
                .path("panels")
                .valueStream()
                .filter(panel -> panel.path("title").asText().equals(title))
                .findAny()
                .orElseThrow();
    }

    private void expectExposed(String query) {
        List<String> missing = new PromQl(query).missingIn(Exposition.of(admin));

        // This service has no replica and so does not expose its metrics.
        assertThat(missing).as(query).isSubsetOf("roster_replica_up", "roster_replica_lag_seconds");
    }
}
