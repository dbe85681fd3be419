package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminRoutes;
import dev.roster.support.http.Api;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import io.dropwizard.core.setup.AdminEnvironment;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.metrics.servlets.AdminServlet;
import io.dropwizard.servlets.tasks.Task;
import io.dropwizard.servlets.tasks.TaskServlet;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.eclipse.jetty.ee10.servlet.ServletMapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who may call the admin port, and what it serves. */
class AdminAccessIT {
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(GET|POST) (/[a-z./-]*)` \\|");
    private static final Pattern LINK = Pattern.compile("<a href=\"([^\"]*)\">");
    private static final Path DOCUMENT = Path.of("docs/operations.md");

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("ADMIN_HOSTS", "roster.example.org, Other.Example.org");

    private final Api admin = new Api(ROSTER.admin());
    private final RawHttp raw = new RawHttp(ROSTER.admin());

    /** C8: if an upgrade of Dropwizard adds something to the admin port, decide here whether to serve it. */
    @Test
    void dropwizardRegistersNothingNew() throws ReflectiveOperationException {
        assertThat(servletPaths()).containsExactlyInAnyOrder("/", "/*", "/tasks/*", "/prometheus");
        assertThat(pathsOfTheAdminServlet())
                .containsExactlyInAnyOrder("/healthcheck", "/metrics", "/ping", "/pprof", "/threads");
        assertThat(taskPaths()).containsExactlyInAnyOrder("/tasks/gc", "/tasks/log-level", "/tasks/purge");
    }

    /** C8 */
    @Test
    void documentedPathsAreServed() throws IOException {
        assertThat(documented()).hasSize(8);
        assertThat(DOCUMENTED.matcher(Files.readString(DOCUMENT)).results())
                .allSatisfy(row -> admin.raw(row.group(1), row.group(2)).expect(200));
    }

    /** Relative links, because a proxy may serve the port below a path. */
    @Test
    void operatorsPageLinksToEveryDocumentedPath() throws IOException {
        Reply page = admin.raw("GET", "/").expect(200);

        assertThat(LINK.matcher(page.text()).results().map(link -> "/" + link.group(1)))
                .containsExactlyInAnyOrder(
                        "/docs", "/openapi.yaml", "/openapi.json", "/healthcheck", "/metrics", "/ping", "/prometheus")
                .allSatisfy(path -> admin.raw("GET", path).expect(200));
        Set<String> others = documented();
        others.remove("/");
        assertThat(others).isNotEmpty().allSatisfy(path -> assertThat(page.text())
                .contains(path.substring(1)));
    }

    /** C8 */
    @Test
    void nothingElseIsServed() throws Exception {
        Set<String> others = new TreeSet<>(Set.of("/index.html", "/tasks", "/tasks/", "/admin", "/favicon.ico"));
        others.addAll(pathsOfTheAdminServlet());
        others.addAll(taskPaths());
        others.removeAll(documented());

        assertThat(others).contains("/pprof", "/threads", "/tasks/gc", "/tasks/log-level");
        for (String path : others) {
            for (String method : List.of("GET", "POST")) {
                admin.raw(method, path).expectProblem(404, "not-found");
            }
        }
    }

    /** C8: a profile of this length would end after 68 years. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/pprof?duration=2147483647&frequency=1000",
                "/pprof/?duration=2147483647",
                "//pprof?duration=2147483647",
                "/%70prof?duration=2147483647",
                "/ping/../pprof?duration=2147483647",
                "/ping;/../pprof?duration=2147483647",
                "/pprof;a=b?duration=2147483647",
                "/pprof%3Fduration=2147483647",
            })
    void processCannotBeProfiled(String target) {
        assertThat(send("GET " + target, "Host: localhost").status()).isIn(400, 404);
    }

    /** C8 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:8081",
                "127.0.0.2",
                "10.1.2.3:80",
                "[::1]",
                "[::1]:8081",
                "localhost",
                "LOCALHOST:8081",
                "roster:8081",
                "api1:8081",
                "balancer",
                "roster.example.org",
                "roster.example.org:8081",
                "ROSTER.example.org",
                "other.example.org",
            })
    void hostsThatNoPageCanHaveAreServed(String host) {
        send("GET /ping", "Host: " + host).expect(200);
        send("POST /tasks/purge", "Host: " + host).expect(200);
        send("POST /tasks/purge", "Host: " + host, "Origin: http://" + host, "Sec-Fetch-Site: same-origin")
                .expect(200);
    }

    /** C8: DNS rebinding. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "attacker.example",
                "attacker.example:8081",
                "127.0.0.1.attacker.example",
                "localhost.attacker.example:8081",
                "sub.roster.example.org",
                "roster.example.org.attacker.example",
                "example.org",
                "localhost.",
                "1.2.3.4.5",
                "1.2.3",
            })
    void hostsThatAPageCouldHaveAreRefused(String host) {
        for (String request : List.of("GET /ping", "GET /healthcheck", "GET /prometheus", "POST /tasks/purge")) {
            Reply reply = send(request, "Host: " + host);

            reply.expectProblem(421, "malformed");
            assertThat(reply.body().path("detail").asText()).isEqualTo("This host is not served here.");
        }
    }

    @Test
    void callersWithoutAHostAreServed() {
        assertThat(raw.send("GET /healthcheck HTTP/1.0\r\n\r\n").only().status())
                .isEqualTo(200);
    }

    /** C8: `http://localhost` is another origin than `http://localhost:8081`. */
    @ParameterizedTest
    @CsvSource({
        "Origin, https://attacker.example",
        "Origin, null",
        "Origin, ''",
        "Origin, http://localhost",
        "Origin, http://localhost:8082",
        "Origin, http://127.0.0.1:8081",
        "Origin, http://localhost:8081.attacker.example",
        "Origin, file://",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Sec-Fetch-Site, ''",
        "Sec-Fetch-Site, anything",
    })
    void foreignPagesAreRefused(String header, String value) {
        for (String request : List.of(
                "GET /ping",
                "HEAD /ping",
                "GET /prometheus",
                "GET /pprof",
                "POST /tasks/purge",
                "OPTIONS /ping",
                "GET /admin/v1/keys",
                "OPTIONS /admin/v1/keys",
                "GET /openapi.yaml")) {
            Reply reply = send(request, "Host: localhost:8081", header + ": " + value);

            assertThat(reply.status()).as(request).isEqualTo(403);
            assertThat(reply.header("Access-Control-Allow-Origin")).isNull();
        }
        send("POST /tasks/purge", "Host: localhost:8081", header + ": " + value).expectProblem(403, "forbidden");
    }

    /** C8: the key is in the page of the operator, and another page guesses or has it. */
    @ParameterizedTest
    @CsvSource({
        "localhost:8081, Origin: https://attacker.example, 403",
        "localhost:8081, Origin: null, 403",
        "localhost:8081, Sec-Fetch-Site: cross-site, 403",
        "localhost:8081, Sec-Fetch-Site: same-site, 403",
        "attacker.example:8081, Accept: */*, 421",
        "attacker.example:8081, Origin: http://attacker.example:8081, 421",
    })
    void foreignPagesChangeNothingWithAKey(String host, String header, int status) {
        String key = TestKeys.makeForAll(ROSTER.jdbi());
        String before = contents();

        for (AdminRoutes.Route route : AdminRoutes.of(ROSTER)) {
            for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/json")) {
                String body = "{\"name\":\"a\",\"scopes\":[\"keys\"]}";
                Reply reply = raw.send(route.method() + " " + route.anyPath() + " HTTP/1.1\r\nHost: " + host + "\r\n"
                                + header + "\r\nAuthorization: Bearer " + key
                                + "\r\nRoster-Reason: a\r\nIf-Match: *\r\n"
                                + "Content-Type: " + type + "\r\nContent-Length: " + body.length()
                                + "\r\nConnection: close\r\n\r\n" + body)
                        .only();

                assertThat(reply.status()).as(route.toString()).isEqualTo(status);
                assertThat(reply.headers().map()).doesNotContainKey("access-control-allow-origin");
            }
        }

        assertThat(contents()).isEqualTo(before);
    }

    private static String contents() {
        return ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT (SELECT string_agg(row::text, ',' ORDER BY id) FROM api_keys AS row)
                               || (SELECT count(*) FROM audit_events) || (SELECT count(*) FROM users)
                        """).mapTo(String.class).one());
    }

    /** L4: a web page can send any number of requests. */
    @Test
    void refusedRequestsWriteNothingButTheAccessLog() {
        try (ConsoleLog log = new ConsoleLog()) {
            send("GET /ping", "Host: localhost", "Origin: https://attacker.example")
                    .expect(403);
            send("POST /tasks/purge", "Host: localhost", "Sec-Fetch-Site: cross-site")
                    .expect(403);
            send("GET /ping", "Host: attacker.example").expect(421);
            send("GET /pprof", "Host: localhost").expect(404);
            send("POST /ping", "Host: localhost").expect(405);

            LoggerFactory.getLogger("test").error("last line");
            assertThat(log.linesUntil(1, line -> line.contains("last line")))
                    .filteredOn(line -> !line.contains(" ACCESS "))
                    .hasSize(1);
        }
    }

    /** C8 */
    @Test
    void oneForeignValueAmongOwnOnesIsRefused() {
        send("POST /tasks/purge", "Host: localhost", "Origin: http://localhost", "Origin: http://attacker.example")
                .expect(403);
        send("GET /ping", "Host: localhost", "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site")
                .expect(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void operatorsBrowserIsServed(String site) {
        send("GET /healthcheck", "Host: localhost:8081", "Sec-Fetch-Site: " + site)
                .expect(200);
        send("POST /tasks/purge", "Host: localhost:8081", "Origin: http://localhost:8081")
                .expect(200);
        send("POST /tasks/purge", "Host: localhost:8081", "Origin: https://localhost:8081")
                .expect(200);
    }

    private Reply send(String request, String... headers) {
        return raw.send(request + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                        + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .only();
    }

    private static Set<String> documented() throws IOException {
        return DOCUMENTED
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(row -> row.group(2))
                .collect(Collectors.toSet());
    }

    private static Environment environment() {
        return ROSTER.support().getEnvironment();
    }

    private static Set<String> servletPaths() {
        ServletHandler servlets = environment().getAdminContext().getServletHandler();
        return Arrays.stream(servlets.getServletMappings())
                .map(ServletMapping::getPathSpecs)
                .flatMap(Arrays::stream)
                .collect(Collectors.toSet());
    }

    private static Set<String> pathsOfTheAdminServlet() throws IllegalAccessException {
        Set<String> paths = new TreeSet<>();
        for (Field field : AdminServlet.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())
                    && field.get(null) instanceof String value
                    && value.startsWith("/")) {
                paths.add(value);
            }
        }
        return paths;
    }

    private static Set<String> taskPaths() throws ReflectiveOperationException {
        Field tasks = AdminEnvironment.class.getDeclaredField("tasks");
        tasks.setAccessible(true);
        return ((TaskServlet) tasks.get(environment().admin()))
                .getTasks().stream().map(Task::getName).map("/tasks/"::concat).collect(Collectors.toSet());
    }
}
