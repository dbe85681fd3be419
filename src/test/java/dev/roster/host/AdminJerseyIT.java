package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the Jersey application of the admin port answers. */
class AdminJerseyIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api admin = new Api(ROSTER.admin());
    private final RawHttp raw = new RawHttp(ROSTER.admin());

    @ParameterizedTest
    @ValueSource(
            strings = {"/admin/v1", "/admin/v1/", "/admin/v1/nothing", "/admin/v1/nothing/more", "/docs/nothing/more"})
    void unknownPathIsAProblem(String path) {
        for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            Reply reply = admin.raw(method, path).expectProblem(404, "not-found");

            assertThat(reply.body().path("detail").asText()).isEqualTo("This path does not exist.");
            assertThat(reply.body().path("instance").asText()).isEqualTo(path);
            assertThat(reply.header("X-Request-Id"))
                    .isEqualTo(reply.body().path("request_id").asText());
        }
    }

    @Test
    void unknownPathsOfOperatorsAreMeasuredWithoutARoute() {
        String[] labels = {
            "http_request_method", "DELETE", "http_route", "", "http_response_status_code", "404",
        };
        admin.raw("DELETE", "/admin/v1/nothing").expect(404);
        long before = ROSTER.count("http_server_request_duration_seconds_count", labels);

        admin.raw("DELETE", "/admin/v1/nothing").expect(404);
        admin.raw("DELETE", "/nothing").expect(404);

        assertThat(ROSTER.count("http_server_request_duration_seconds_count", labels))
                .isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /admin/v1/nothing HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n",
                "POST /admin/v1/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
                "POST /admin/v1/nothing HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
                "GET /admin/v1/nothing HTTP/1.1\r\nHost: localhost\r\nName : value\r\n",
                "GET /admin/v1/nothing HTTP/1.1\r\nHost: localhost\r\nName: value\r\n folded\r\n",
                "GET /admin/v1/%2e%2e/nothing HTTP/1.1\r\nHost: localhost\r\n",
                "GET /admin/v1/a%2Fb HTTP/1.1\r\nHost: localhost\r\n",
                "GET /admin/v1/a%00b HTTP/1.1\r\nHost: localhost\r\n",
                "GET /admin/v1/a\\b HTTP/1.1\r\nHost: localhost\r\n",
                "get /admin/v1/\u00e9 HTTP/1.1\r\nHost: localhost\r\n",
            })
    void requestsThatTheApiPortRefusesAreRefused(String head) {
        String request = head + "Connection: close\r\n\r\n";
        Reply ofApi = ROSTER.raw().send(request).only();
        Reply reply = raw.send(request).only();

        assertThat(ofApi.status()).isGreaterThanOrEqualTo(400);
        assertThat(reply.status()).isEqualTo(ofApi.status());
        assertThat(reply.body().path("type")).isEqualTo(ofApi.body().path("type"));
    }
}
