package dev.roster.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that serves some hosts only. {@code RawHttpIT} tests the default: all. */
class AllowedHostsIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("ALLOWED_HOSTS", "Roster.example.org, localhost:8000,[2001:db8::7],a:80,b:443");

    private final RawHttp raw = ROSTER.raw();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "roster.example.org",
                "ROSTER.EXAMPLE.ORG",
                "roster.example.org:",
                "roster.example.org:8443",
                "localhost:8000",
                "[2001:db8::7]",
                "[2001:DB8::7]:8000",
                "a",
                "a:80",
                "b",
                "b:443"
            })
    void allowedHostIsServed(String host) {
        send("GET /api/v1/users/me HTTP/1.1\r\nHost: " + host).expectProblem(401, "unauthenticated");
        send("GET http://" + host + "/api/v1/users/me HTTP/1.1\r\nHost: evil.example")
                .expectProblem(401, "unauthenticated");
        send("GET /docs HTTP/1.1\r\nHost: " + host).expect(200);
        send("OPTIONS * HTTP/1.1\r\nHost: " + host).expect(204);
    }

    /** C9: a page whose host name resolves to this service. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8000",
                "roster.example.org.evil.example",
                "evil-roster.example.org",
                "roster.example",
                "localhost",
                "localhost:80",
                "localhost:18000",
                "127.0.0.1",
                "127.0.0.1:8000",
                "[::1]",
                "[2001:db8::8]",
                "a:443",
                "a:8000"
            })
    void otherHostIsRefused(String host) {
        for (String request : new String[] {
            "GET /api/v1/users/me HTTP/1.1\r\nHost: " + host,
            "GET /api/v1/users/me HTTP/1.0\r\nHost: " + host,
            "GET http://" + host + "/api/v1/users/me HTTP/1.1\r\nHost: roster.example.org",
            "POST /api/v1/auth/login HTTP/1.1\r\nContent-Length: 0\r\nHost: " + host,
            "OPTIONS /api/v1/auth/login HTTP/1.1\r\nOrigin: http://" + host + "\r\nHost: " + host,
            "OPTIONS * HTTP/1.1\r\nHost: " + host,
            "GET /docs HTTP/1.1\r\nHost: " + host,
            "GET /nothing HTTP/1.1\r\nHost: " + host,
        }) {
            Reply reply = send(request).expectProblem(421, "malformed");

            assertThat(reply.body().path("detail").asText()).isEqualTo("This host is not served here.");
        }
    }

    /** C9: such a request names no host that is allowed. */
    @Test
    void requestWithoutAHostIsRefused() {
        send("GET /api/v1/users/me HTTP/1.0").expectProblem(421, "malformed");
        send("GET /api/v1/users/me HTTP/1.1").expectProblem(400, "malformed");
    }

    /** Balancers and Prometheus use addresses there. */
    @Test
    void adminPortServesEveryHost() {
        new Api(ROSTER.admin()).raw("GET", "/ping").expect(200);
    }

    private Reply send(String head) {
        return raw.send(head + "\r\nConnection: close\r\n\r\n").only();
    }
}
