package dev.roster.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The configurations of nginx and Caddy in the documents do what the documents promise. */
class ProxiesIT {
    private static final MarkdownFile GOING_LIVE = MarkdownFile.read(Path.of("docs/going-live.md"));
    private static final MarkdownFile PROTECT = MarkdownFile.read(Path.of("docs/protect-your-service.md"));
    private static final String JSON = "Content-Type: application/json";
    private static final String FORGED = "X-Forwarded-For: 198.51.100.7";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("TRUSTED_PROXIES", "127.0.0.1");

    @TempDir
    private Path directory;

    @Test
    void nginxHandsTheClientAddressOnAndLeavesAnswersToRoster() throws IOException {
        try (ProxyProcess nginx =
                ProxyProcess.nginx(directory, block("nginx", 0).text(), roster())) {
            expectAllPromises(nginx);
        }
        assertThat(Files.readString(directory.resolve("roster.log")))
                .contains("GET /api/v1/users/me")
                .doesNotContain("?");
    }

    @Test
    void caddyHandsTheClientAddressOnAndLeavesAnswersToRoster() throws IOException {
        try (ProxyProcess caddy =
                ProxyProcess.caddy(directory, block("caddy", 0).text(), roster())) {
            expectAllPromises(caddy);
        }
    }

    @Test
    void nginxLetsOnlyGoodTokensThrough() throws IOException {
        HttpServer service = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        service.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        service.start();
        TestUser user = ROSTER.api().newUser();
        String bearer = "Authorization: Bearer " + user.token();
        String own = "127.0.0.1:" + service.getAddress().getPort();
        try {
            try (ProxyProcess nginx = guard(Map.of("127.0.0.1:9000", own, "127.0.0.1:8000", address()))) {
                assertThat(nginx.curl("/anything", "-H", bearer)).startsWith("HTTP/1.1 204 ");
                assertThat(nginx.curl("/anything")).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: Bearer");
                ROSTER.api().logout(user.token()).expect(204);
                assertThat(nginx.curl("/anything", "-H", bearer)).startsWith("HTTP/1.1 401 ");
            }
            String nowhere = "127.0.0.1:" + Ports.free();
            try (ProxyProcess nginx = guard(Map.of("127.0.0.1:9000", own, "127.0.0.1:8000", nowhere))) {
                assertThat(nginx.curl("/anything", "-H", bearer))
                        .startsWith("HTTP/1.1 503 ")
                        .contains("Retry-After: 1");
            }
        } finally {
            service.stop(0);
        }
    }

    private static void expectAllPromises(ProxyProcess proxy) {
        TestUser user = ROSTER.api().newUser();
        String login = "{\"email\":\"" + user.email() + "\",\"password\":\"" + Api.PASSWORD + "\"}";
        String loggedIn = proxy.curl("/api/v1/auth/login", "-H", JSON, "-H", FORGED, "-d", login);
        assertThat(loggedIn).startsWith("HTTP/1.1 200 ").containsIgnoringCase("Strict-Transport-Security: max-age=");
        String bearer = "Authorization: Bearer " + loggedIn.replaceAll("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");

        assertThat(proxy.curl("/api/v1/users/" + user.id() + "/sessions", "-H", bearer))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"ip\":\"127.0.0.5\"")
                .doesNotContain("198.51.100.7");
        assertThat(proxy.curl("/api/v1/users/me?access_token=secret", "-H", bearer))
                .startsWith("HTTP/1.1 200 ");
        assertThat(proxy.curl("/api/v1/auth/login", "-H", JSON, "-d", "x".repeat(20_000)))
                .startsWith("HTTP/1.1 413 ")
                .contains("urn:roster:problem:too-large");
        assertThat(proxy.curl("/api/v1/auth/login", "-H", JSON, "-d", "x".repeat(100_000)))
                .matches("(?s)HTTP/1\\.1 (413|502) .*"); // 502 from Caddy 2.6
    }

    private ProxyProcess guard(Map<String, String> addresses) throws IOException {
        String http = "server { listen 80; listen 443 ssl; ssl_certificate"
                + " /etc/letsencrypt/live/roster.example.org/fullchain.pem; ssl_certificate_key"
                + " /etc/letsencrypt/live/roster.example.org/privkey.pem; access_log /var/log/nginx/own.log;"
                + PROTECT.blocks().stream()
                        .filter(block -> block.language().equals("nginx"))
                        .findFirst()
                        .orElseThrow()
                        .text()
                + "}";
        return ProxyProcess.nginx(directory, http, addresses);
    }

    private static CodeBlock block(String language, int index) {
        return GOING_LIVE.blocks().stream()
                .filter(block -> block.language().equals(language))
                .toList()
                .get(index);
    }

    private static Map<String, String> roster() {
        return Map.of("127.0.0.1:8000", address());
    }

    private static String address() {
        return "127.0.0.1:" + ROSTER.api().base().getPort();
    }
}
