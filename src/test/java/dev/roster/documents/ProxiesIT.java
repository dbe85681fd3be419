package dev.roster.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The configurations of nginx and Caddy in the documents do what the documents promise. */
class ProxiesIT {
    private static final MarkdownFile GOING_LIVE = MarkdownFile.read(Path.of("docs/going-live.md"));
    private static final MarkdownFile INTEGRATE = MarkdownFile.read(Path.of("docs/integrate.md"));
    private static final String CALLER = "    location = /_caller {";
    private static final String UNAVAILABLE = "    location = /_unavailable {";
    private static final String JSON = "Content-Type: application/json";
    private static final String FORGED = "X-Forwarded-For: 198.51.100.7";

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("TRUSTED_PROXIES", "127.0.0.1").with("TOKEN_ALGORITHM", "ES256");

    @TempDir
    private Path directory;

    private final HttpServer service = service();

    @AfterEach
    void stop() {
        service.stop(0);
    }

    @Test
    void nginxHandsTheClientAddressOnAndLeavesAnswersToRoster() throws IOException {
        try (ProxyProcess nginx =
                ProxyProcess.nginx(directory, block(GOING_LIVE, "nginx", 0).text(), roster())) {
            expectAllPromises(nginx);
        }
        assertThat(Files.readString(directory.resolve("roster.log")))
                .contains("GET /api/v1/users/me")
                .doesNotContain("?");
    }

    @Test
    void caddyHandsTheClientAddressOnAndLeavesAnswersToRoster() throws IOException {
        try (ProxyProcess caddy =
                ProxyProcess.caddy(directory, block(GOING_LIVE, "caddy", 0).text(), roster())) {
            expectAllPromises(caddy);
        }
    }

    @Test
    void nginxThatIntrospectsLetsOnlyLiveTokensThrough() throws IOException {
        String key = TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT);
        expectAGuard(introspecting(key));
        TestUser user = ROSTER.api().newUser();
        String bearer = "Authorization: Bearer " + user.token();
        try (ProxyProcess nginx = guard(introspecting(key), address())) {
            assertThat(nginx.curl("/anything", "-H", bearer, "-H", "Roster-Caller: forged"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("[" + user.id() + "]");
            assertThat(nginx.curl("/anything", "-X", "DELETE", "-H", bearer, "-d", "body"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(nginx.curl("/anything", "-H", bearer + "&token=" + user.token()))
                    .startsWith("HTTP/1.1 401 ");
        }
        try (ProxyProcess nginx = guard(introspecting(key + "x"), address())) {
            assertThat(nginx.curl("/anything", "-H", bearer)).startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    void nginxThatAsksWithTheTokenLetsOnlyLiveTokensThrough() throws IOException {
        String whole = integrate("nginx", 0);
        String asking = integrate("nginx", 1).indent(4);
        expectAGuard(whole.substring(whole.indexOf("server {"), whole.indexOf(CALLER))
                + asking
                + whole.substring(whole.indexOf(UNAVAILABLE)));
    }

    /** The configuration tells live tokens, others, and those about which nobody can say anything. */
    private void expectAGuard(String configuration) throws IOException {
        TestUser user = ROSTER.api().newUser();
        String bearer = "Authorization: Bearer " + user.token();
        try (ProxyProcess nginx = guard(configuration, address())) {
            assertThat(nginx.curl("/anything", "-H", bearer)).startsWith("HTTP/1.1 200 ");
            assertThat(nginx.curl("/anything")).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: Bearer");
            assertThat(nginx.curl("/anything", "-H", bearer + "A")).startsWith("HTTP/1.1 401 ");
            ROSTER.api().logout(user.token()).expect(204);
            assertThat(nginx.curl("/anything", "-H", bearer))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("WWW-Authenticate: Bearer");
        }
        try (ProxyProcess nginx = guard(configuration, "127.0.0.1:" + Ports.free())) {
            assertThat(nginx.curl("/anything", "-H", bearer))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Retry-After: 1");
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

    private String introspecting(String key) throws IOException {
        Files.writeString(directory.resolve("roster.js"), integrate("js", 1));
        return integrate("nginx", 0).replace("rk_…", key);
    }

    /** nginx in front of the service of this test. */
    private ProxyProcess guard(String configuration, String roster) throws IOException {
        String http = "server { listen 80; access_log /var/log/nginx/own.log; } "
                + configuration.replace("orders.example.org", "roster.example.org");
        String own = "127.0.0.1:" + service.getAddress().getPort();
        return ProxyProcess.nginx(directory, http, Map.of("127.0.0.1:9000", own, "127.0.0.1:8000", roster));
    }

    private static String integrate(String language, int index) {
        return block(INTEGRATE, language, index).text();
    }

    private static CodeBlock block(MarkdownFile page, String language, int index) {
        return page.blocks().stream()
                .filter(block -> block.language().equals(language))
                .toList()
                .get(index);
    }

    /** A service that answers with the id of its caller, in brackets. */
    private static HttpServer service() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.createContext("/", exchange -> {
                byte[] body = exchange.getRequestHeaders()
                        .getOrDefault("Roster-Caller", List.of())
                        .toString()
                        .getBytes(UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> roster() {
        return Map.of("127.0.0.1:8000", address());
    }

    private static String address() {
        return "127.0.0.1:" + ROSTER.api().base().getPort();
    }
}
