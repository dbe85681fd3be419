package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Exposition;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin port. */
class AdminPortIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api admin = new Api(ROSTER.admin());

    @Test
    void readinessNamesItsChecks() {
        Reply reply = admin.raw("GET", "/healthcheck").expect(200);

        assertThat(reply.body().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "audit-forget",
                        "audit-months",
                        "audit-seal",
                        "clock",
                        "count",
                        "database",
                        "deadlocks",
                        "key-rotation",
                        "key-uses",
                        "migrations",
                        "purge",
                        "revocation-feed",
                        "shutdown",
                        "signing-key");
        assertThat(reply.body()).allMatch(check -> check.path("healthy").asBoolean());
    }

    @Test
    void readinessFailsWhenTheSchemaLacksAChangeSet() {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute("UPDATE databasechangelog SET id = 'x' WHERE id = 'create-users'"));
        try {
            Poll.until(
                    "it has noticed",
                    PATIENCE,
                    () -> admin.raw("GET", "/healthcheck").status() == 503);

            assertThat(admin.raw("GET", "/healthcheck")
                            .body()
                            .path("migrations")
                            .path("message")
                            .asText())
                    .isEqualTo("pending: create-users");
            admin.raw("HEAD", "/healthcheck").expect(503);
            for (String query : List.of("httpStatusIndicator=false", "pretty=true&httpStatusIndicator=no", "a=b")) {
                admin.raw("GET", "/healthcheck?" + query).expect(503);
            }
            admin.raw("OPTIONS", "/healthcheck").expect(405);
        } finally {
            ROSTER.jdbi()
                    .useHandle(handle ->
                            handle.execute("UPDATE databasechangelog SET id = 'create-users' WHERE id = 'x'"));
            Poll.until(
                    "it has noticed",
                    PATIENCE,
                    () -> admin.raw("GET", "/healthcheck").status() == 200);
        }
    }

    @Test
    void pingAnswersPong() {
        Reply reply = admin.raw("GET", "/ping").expect(200);

        assertThat(reply.text().strip()).isEqualTo("pong");
        assertThat(reply.header("X-Request-Id")).isNotBlank();
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void metricsCountRequests() {
        Api.TestUser user = ROSTER.api().newUser();
        ROSTER.api().get(user.path(), user.token()).expect(200);
        ROSTER.api().logout(user.token()).expect(204);

        JsonNode metrics = admin.raw("GET", "/metrics").expect(200).body();

        assertThat(metrics.path("gauges")
                        .path("io.dropwizard.db.ManagedPooledDataSource.commands.size")
                        .path("value")
                        .asInt())
                .isPositive();
        assertThat(Exposition.of(admin).value("roster_revoked_ids")).isPositive();
        assertThat(Exposition.of(admin).value("roster_authentications_total", "outcome", "accepted"))
                .isPositive();
    }

    /** C8 */
    @Test
    void adminPortListensOnLoopbackOnly() throws IOException {
        for (InetAddress address : otherAddresses()) {
            assertThatThrownBy(() -> connect(address, ROSTER.admin().getPort())).isInstanceOf(ConnectException.class);
        }
        connect(InetAddress.getByName("127.0.0.1"), ROSTER.admin().getPort());
    }

    /** C8 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tasks/log-level",
                "/tasks/log-level/",
                "/tasks/log-level;a=b",
                "/tasks;a=b/log-level",
                "/tasks/%6cog-level",
                "/tasks/log%2dlevel",
                "/tasks%2Flog-level",
                "/tasks%2flog-level",
                "//tasks/log-level",
                "/tasks//log-level",
                "/tasks/./log-level",
                "/tasks/x/../log-level",
                "/x/../tasks/log-level",
                "/tasks/purge/../log-level",
                "/tasks/%2e/log-level",
                "/tasks/%2e%2e/tasks/log-level",
                "/tasks/log-level%00",
                "/tasks/log-level%3F",
                "/tasks/log-level%20",
                "/tasks/LOG-LEVEL",
                "/TASKS/log-level"
            })
    void logLevelsCannotBeChanged(String path) {
        Reply reply = admin.raw("POST", path + "?logger=roster.probe&level=TRACE");

        assertThat(reply.status()).isIn(400, 404);
        assertThat(levelOfProbe().isTraceEnabled()).isFalse();
    }

    /** C8 */
    @ParameterizedTest
    @ValueSource(strings = {"/tasks/gc", "/tasks/gc/", "/tasks/gc;a", "/tasks/%67c", "//tasks/gc", "/tasks//gc"})
    void garbageCollectionCannotBeTriggered(String path) {
        assertThat(admin.raw("POST", path).status()).isIn(400, 404);
    }

    /** C8 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/healthcheck",
                "/ping",
                "/metrics",
                "/prometheus",
                "/threads",
                "/tasks/purge",
                "/admin",
                "/tasks"
            })
    void adminPathsAreUnknownOnTheApiPort(String path) {
        Api api = ROSTER.api();

        api.raw("GET", path).expectProblem(404, "not-found");
        api.raw("POST", path).expectProblem(404, "not-found");
    }

    /** H3: a balancer that checks the node with another method gets no answer that it could take for a good one. */
    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "FOO", "get"})
    void pathsToReadHaveNoOtherMethods(String method) {
        for (String path : List.of("/", "/healthcheck", "/ping", "/metrics", "/prometheus")) {
            Reply reply = admin.raw(method, path).expectProblem(405, "method-not-allowed");

            assertThat(reply.header("Allow")).as(path).isEqualTo("GET, HEAD");
        }
    }

    /** H3 */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "FOO", "post"})
    void purgeRequiresPost(String method) {
        Reply reply = admin.raw(method, "/tasks/purge").expect(405);

        assertThat(reply.header("Allow")).isEqualTo("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "TRACE", "POST", "PUT", "DELETE", "FOO"})
    void unknownPathsHaveNoMethods(String method) {
        admin.raw(method, "/nothing").expectProblem(404, "not-found");
    }

    @Test
    void headIsAnsweredLikeGet() {
        for (String path : List.of("/", "/healthcheck", "/ping", "/metrics", "/prometheus")) {
            Reply head = admin.raw("HEAD", path).expect(200);

            assertThat(head.text()).as(path).isEmpty();
            assertThat(head.header("Content-Type"))
                    .as(path)
                    .isEqualTo(admin.raw("GET", path).header("Content-Type"));
        }
    }

    /** L4: it is the client's error, not the service's. */
    @ParameterizedTest
    @ValueSource(strings = {"x=%ff", "%ff", "x=%", "x=%zz", "x=%c0%af", "x=%ed%a0%80", "x=1&y=%4"})
    void malformedParametersAreRefusedWithoutAnErrorInTheLog(String parameters) {
        try (ConsoleLog log = new ConsoleLog()) {
            send("POST /tasks/purge?" + parameters, "").expectProblem(400, "malformed");
            send("POST /tasks/purge", parameters).expectProblem(400, "malformed");
            for (String path : List.of("/", "/healthcheck", "/ping", "/metrics", "/prometheus")) {
                send("GET " + path + "?" + parameters, "").expectProblem(400, "malformed");
            }

            LoggerFactory.getLogger("test").error("last line");
            assertThat(log.linesUntil(1, line -> line.contains("last line")))
                    .noneMatch(line -> line.contains(" WARN "))
                    .filteredOn(line -> line.contains(" ERROR "))
                    .hasSize(1);
        }
    }

    @Test
    void unknownParametersAreIgnored() {
        send("POST /tasks/purge?x=%41&y", "z=%20").expect(200);
        for (String path : List.of("/", "/healthcheck", "/ping", "/metrics", "/prometheus")) {
            send("GET " + path + "?x=%41&y", "").expect(200);
        }
    }

    private static Reply send(String request, String form) {
        return new RawHttp(ROSTER.admin())
                .send(request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length()
                        + "\r\n\r\n" + form)
                .only();
    }

    private static Logger levelOfProbe() {
        return LoggerFactory.getLogger("roster.probe");
    }

    private static List<InetAddress> otherAddresses() throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .forEach(addresses::add);
        addresses.add(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}));
        return addresses;
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 5_000);
        }
    }
}
