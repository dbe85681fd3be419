package dev.roster.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.limit.LimitConfiguration;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Exposition;
import dev.roster.support.http.Exposition.Sample;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The metrics at {@code /prometheus}. */
class PrometheusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String REQUESTS = "http_server_request_duration_seconds_count";
    private static final Set<String> METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "_OTHER");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("CORS_ORIGINS", "https://app.example.org")
            .with("LOGIN_FAILURES", "1");

    private final Api api = ROSTER.api();
    private final Api admin = new Api(ROSTER.admin());
    private final RawHttp raw = ROSTER.raw();

    @ParameterizedTest
    @CsvSource({
        "text/plain, text/plain; version=0.0.4; charset=utf-8",
        "application/openmetrics-text; version=1.0.0, application/openmetrics-text; version=1.0.0; charset=utf-8",
        "*/*, text/plain; version=0.0.4; charset=utf-8",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited, "
                + "text/plain; version=0.0.4; charset=utf-8",
        "'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                + "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4', "
                + "application/openmetrics-text; version=1.0.0; charset=utf-8"
    })
    void metricsAreServedInTheRequestedFormat(String accept, String contentType) {
        Reply reply = admin.send(HttpRequest.newBuilder(URI.create(ROSTER.admin() + "/prometheus"))
                .header("Accept", accept)
                .GET());

        assertThat(reply.expect(200).header("Content-Type")).isEqualToIgnoringCase(contentType);
        assertThat(reply.text()).contains("# HELP roster_authentications");
    }

    /** The names that dashboards and alerts of users rely on. */
    @Test
    void everyDocumentedMetricIsExposed() {
        api.newUser();

        Set<String> shown = new HashSet<>();
        Exposition.of(admin).samples().forEach(sample -> shown.add(sample.name()));

        assertThat(shown)
                .contains(
                        "http_server_request_duration_seconds_count",
                        "roster_audit_events_total",
                        "roster_authentications_total",
                        "roster_build_info",
                        "roster_clock_skew_seconds",
                        "roster_connections",
                        "roster_connections_ended_total",
                        "roster_database_connections",
                        "roster_database_connections_max",
                        "roster_database_waiting",
                        "roster_feed_age_seconds",
                        "roster_feed_fresh",
                        "roster_hash_busy_threads",
                        "roster_hash_threads",
                        "roster_hash_waiting",
                        "roster_healthcheck",
                        "roster_introspections_total",
                        "roster_job_failures_total",
                        "roster_key_authentications_total",
                        "roster_limit_refusals_total",
                        "roster_primary_changes_total",
                        "roster_primary_timeline",
                        "roster_reads_total",
                        "roster_refusals_total",
                        "roster_revocation_lag_seconds_count",
                        "roster_revocation_lookups_total",
                        "roster_revocation_streams",
                        "roster_revocations_received_total",
                        "roster_revocations_restored_total",
                        "roster_revocations_sent_total",
                        "roster_revoked_ids",
                        "roster_sessions",
                        "roster_user_cache_evictions_total",
                        "roster_user_cache_lookups_total",
                        "roster_user_cache_size",
                        "roster_users");
    }

    /** It is known without a jar, too: these tests run on classes in a folder. */
    @Test
    void theVersionIsThatOfTheProject() throws IOException {
        String version = Files.readString(Path.of("pom.xml")).split("</?version>", 3)[1];

        assertThat(Exposition.of(admin).value("roster_build_info", "version", version))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "roster_audit_events_total, type, 'registered logged_in login_refused details_changed password_changed"
                + " password_refused logged_out session_ended refresh_token_reused deleted limit_hit"
                + " disabled enabled password_reset_required key_created key_revoked"
                + " password_reset_requested password_reset registration_requested verification_requested"
                + " email_verified email_change_requested email_changed email_change_reverted invited"
                + " signing_key_rotated'",
        "roster_authentications_total, outcome, 'accepted invalid revoked'",
        "roster_introspections_total, outcome, 'active inactive'",
        "roster_reads_total, source, 'primary replica'",
        "roster_revocation_lookups_total, source, 'memory database'",
        "roster_user_cache_lookups_total, outcome, 'hits misses'"
    })
    void everyLabelValueIsExposedBeforeItIsCounted(String counter, String label, String values) {
        assertThat(Exposition.of(admin).samples(counter).map(Sample::labels))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(values.split(" "))
                        .map(value -> Map.of(label, value))
                        .toList());
    }

    /** Otherwise rate() would miss the first refusal. */
    @Test
    void refusalsAreCountedFromZero() {
        Exposition exposition = Exposition.of(admin);

        assertThat(exposition.samples("roster_refusals_total"))
                .extracting(sample -> sample.labels().get("reason"))
                .containsExactlyInAnyOrder(
                        "unauthenticated",
                        "invalid-credentials",
                        "invalid-token",
                        "forbidden",
                        "insufficient-scope",
                        "registration-closed",
                        "account-disabled",
                        "password-reset-required",
                        "not-found",
                        "email-taken",
                        "key-not-rotated",
                        "version-conflict",
                        "precondition-required",
                        "export-too-large",
                        "validation",
                        "too-many-requests",
                        "unavailable");
        assertThat(exposition.samples("roster_limit_refusals_total"))
                .extracting(sample -> sample.labels().get("limit"))
                .containsExactlyInAnyOrderElementsOf(LimitConfiguration.NAMES);
        assertThat(exposition.samples("roster_connections_ended_total"))
                .extracting(sample -> sample.labels().get("reason"))
                .containsExactlyInAnyOrder("late", "displaced");
        assertThat(exposition.value("roster_connections", "port", "admin")).isPositive();
    }

    @Test
    void everyMetricHasOneHelpAndOneTypeLine() {
        List<String> lines = Exposition.of(admin).text().lines().toList();
        Set<String> helped = new HashSet<>();
        Set<String> typed = new HashSet<>();
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                assertThat(words).hasSize(4);
                assertThat(helped.add(words[2])).as(line).isTrue();
            } else if (line.startsWith("# TYPE ")) {
                assertThat(typed.add(words[2])).as(line).isTrue();
            }
        }

        assertThat(helped).isEqualTo(typed).isNotEmpty();
    }

    @Test
    void requestsAreCountedByRoute() {
        TestUser user = api.newUser();
        TestUser other = api.newUser();
        Map<String, List<Runnable>> requests = Map.of(
                "GET /api/v1/users/{id} 200",
                List.of(() -> api.get(user.path(), user.token()).expect(200), () -> api.get("/users/me", user.token())
                        .expect(200)),
                "GET /api/v1/users/{id} 401",
                List.of(() -> api.get(user.path(), null).expect(401)),
                "GET /api/v1/users/{id} 404",
                List.of(() -> api.get("/users/x", user.token()).expect(404), () -> api.get("/users/y%20y", user.token())
                        .expect(404)),
                "PUT /api/v1/users/{id} 403",
                List.of(() ->
                        api.put(other.path(), user.token(), Map.of("name", "B")).expect(403)),
                "DELETE /api/v1/users/{id}/sessions/{sid} 404",
                List.of(() -> api.delete("/users/me/sessions/" + user.id(), user.token())
                        .expect(404)),
                "GET /api/v1/users 422",
                List.of(() -> api.get("/users?limit=0", user.token()).expect(422)),
                "POST /api/v1/auth/login 400",
                List.of(() -> api.post("/auth/login", "{").expect(400)));
        requests.forEach((request, ways) -> {
            double before = count(request);
            ways.forEach(Runnable::run);
            Poll.until(request, PATIENCE, () -> count(request) == before + ways.size());
        });
    }

    /** Otherwise clients could create any number of time series. Covers requests that Jetty itself answers. */
    @Test
    void requestsWithoutARouteShareOneLabel() {
        List<String> requests = new ArrayList<>(List.of(
                "GET /api/v1/users/%zz HTTP/1.1\r\nHost: a",
                "GET /api/v1//users HTTP/1.1\r\nHost: a",
                "GET / HTTP/3.7\r\nHost: a",
                "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: a",
                "OPTIONS /api/v1/users HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.org\r\n"
                        + "Access-Control-Request-Method: GET",
                "PATCH /api/v1/users HTTP/1.1\r\nHost: a",
                "TRACE /api/v1/users HTTP/1.1\r\nHost: a",
                "nonsense"));
        for (int i = 0; i < 50; i++) {
            requests.add("GET /nothing/" + i + " HTTP/1.1\r\nHost: a");
            requests.add("M" + i + " /api/v1/users HTTP/1.1\r\nHost: a");
            requests.add("get /api/v1/users HTTP/1.1\r\nHost: a");
        }
        double before = requests();
        int answered = 0;
        for (String request : requests) {
            answered += raw.send(request + "\r\nConnection: close\r\n\r\n")
                    .replies()
                    .size();
        }
        double expected = before + answered;
        assertThat(answered).isGreaterThanOrEqualTo(requests.size());
        Poll.until("all are counted", PATIENCE, () -> requests() >= expected);

        assertThat(requests()).isEqualTo(expected);
        assertThat(Exposition.of(admin).samples(REQUESTS)).allSatisfy(sample -> {
            assertThat(sample.labels().keySet())
                    .containsExactly("http_request_method", "http_response_status_code", "http_route");
            assertThat(METHODS).contains(sample.labels().get("http_request_method"));
            assertThat(sample.labels().get("http_route")).matches("|(/api/v1/[a-z/{}]+)");
            assertThat(sample.labels().get("http_response_status_code")).matches("[1-5][0-9][0-9]");
        });
        assertThat(count("GET  404")).isGreaterThanOrEqualTo(50);
        assertThat(count("_OTHER  405")).isGreaterThanOrEqualTo(100);
        assertThat(count("OPTIONS  204")).isPositive();
    }

    @Test
    void refusalsAreCountedByReason() {
        String email = Api.newEmail();
        Exposition before = Exposition.of(admin);

        for (int i = 0; i < 3; i++) {
            api.login(email, "Wrong-Password-1");
        }
        api.get("/users/me", "garbage").expect(401);

        Exposition after = Exposition.of(admin);
        for (String[] sample : new String[][] {
            {"roster_limit_refusals_total", "limit", "account"},
            {"roster_refusals_total", "reason", "invalid-credentials"},
            {"roster_refusals_total", "reason", "too-many-requests"},
            {"roster_refusals_total", "reason", "invalid-token"},
            {"roster_authentications_total", "outcome", "invalid"}
        }) {
            assertThat(after.value(sample[0], sample[1], sample[2]))
                    .as(sample[2])
                    .isGreaterThan(before.value(sample[0], sample[1], sample[2]));
        }
    }

    @Test
    void whatPeopleDoIsCountedByType() {
        Exposition before = Exposition.of(admin);

        TestUser user = api.newUser();
        api.login(user.email(), Api.PASSWORD).expect(200);
        api.login(Api.newEmail(), Api.PASSWORD).expect(401);
        api.logout(user.token()).expect(204);

        Exposition after = Exposition.of(admin);
        for (String type : List.of("registered", "logged_in", "login_refused", "logged_out")) {
            assertThat(after.value("roster_audit_events_total", "type", type))
                    .as(type)
                    .isGreaterThan(before.value("roster_audit_events_total", "type", type));
        }
    }

    @Test
    void healthChecksAreExposedAsMetrics() {
        assertThat(Exposition.of(admin).samples("roster_healthcheck"))
                .extracting(Sample::labels)
                .contains(Map.of("name", "database"), Map.of("name", "revocation-feed"), Map.of("name", "shutdown"));
        assertThat(health("migrations")).isOne();

        ROSTER.jdbi()
                .useHandle(handle -> handle.execute("UPDATE databasechangelog SET id = 'x' WHERE id = 'create-users'"));
        try {
            Poll.until("it has noticed", PATIENCE, () -> health("migrations") == 0);
        } finally {
            ROSTER.jdbi()
                    .useHandle(handle ->
                            handle.execute("UPDATE databasechangelog SET id = 'create-users' WHERE id = 'x'"));
            Poll.until("it has noticed", PATIENCE, () -> health("migrations") == 1);
        }
    }

    private double health(String name) {
        return Exposition.of(admin).value("roster_healthcheck", "name", name);
    }

    private double requests() {
        return Exposition.of(admin).samples(REQUESTS).mapToDouble(Sample::value).sum();
    }

    /** @param request method, route and status */
    private double count(String request) {
        String[] words = request.split(" ", 3);
        double count = Exposition.of(admin)
                .value(
                        REQUESTS,
                        "http_request_method",
                        words[0],
                        "http_route",
                        words[1],
                        "http_response_status_code",
                        words[2]);
        return Double.isNaN(count) ? 0 : count;
    }
}
