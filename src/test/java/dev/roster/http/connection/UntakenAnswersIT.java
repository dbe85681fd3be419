package dev.roster.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Crowd;
import dev.roster.support.http.Exposition;
import dev.roster.support.http.KernelSockets;
import dev.roster.support.http.LargeAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Connector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients that do not read their answers cost nothing once the service has closed their connections: the kernel holds
 * nothing for them either. Clients that read get everything, and an orderly end.
 */
class UntakenAnswersIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("HASH_WAIT", "1s")
            .with("EXCHANGE_TIMEOUT", "4s")
            .with("IDLE_TIMEOUT", "2s")
            .running(LargeAnswer::service);

    @RegisterExtension
    static final RosterExtension FULL = new RosterExtension().with("MAX_CONNECTIONS", "50");

    @RegisterExtension
    static final RosterExtension PATIENT = new RosterExtension()
            .with("EXCHANGE_TIMEOUT", "60s")
            .with("IDLE_TIMEOUT", "60s")
            .running(LargeAnswer::service);

    /** Closes idle connections soon, and then waits long for their clients. */
    @RegisterExtension
    static final RosterExtension SHORT =
            new RosterExtension().with("EXCHANGE_TIMEOUT", "60s").with("IDLE_TIMEOUT", "2s");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CROWD = 20;

    /** Requests on one connection whose answers exceed a client's receive buffer, but not the kernel's send buffer. */
    private static final int REQUESTS = 20;

    private static final String ME = "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\n";
    private static final String MANY = (ME + "\r\n").repeat(REQUESTS);
    private static final String LARGE = "GET " + LargeAnswer.PATH + " HTTP/1.1\r\nHost: a\r\n";
    private static final String LOGIN = "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
            + "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})");

    @BeforeEach
    void askTheKernel() {
        assumeThat(KernelSockets.areKnown()).isTrue();
    }

    /** R3, F14. The clients come together, because each of them mostly waits. */
    @Test
    void kernelHoldsNothingForClientsThatDoNotRead() {
        List<Client> clients = List.of(
                new Client("a large answer", LARGE + "\r\n", false),
                new Client("a large answer, and no more", LARGE + "Connection: close\r\n\r\n", false),
                new Client("a large answer, then a closed output", LARGE + "\r\n", true),
                new Client("answers, then silence", MANY, false),
                new Client("answers, then a closed output", MANY, true),
                new Client("answers, the last with close", MANY + ME + "Connection: close\r\n\r\n", false),
                new Client(
                        "answers, the last with close, then a closed output",
                        MANY + ME + "Connection: close\r\n\r\n",
                        true),
                new Client("answers, then garbage", MANY + "\u0000\r\n\r\n", false),
                new Client("answers, then half a header", MANY + ME, false),
                new Client("answers, then half a body", MANY + LOGIN, false),
                new Client("answers, then a refused body", MANY + LOGIN.replace("9", "99999"), false),
                new Client("answers, then blank lines", MANY + "\r\n\r\n", false));
        Map<Client, Crowd> crowds = new LinkedHashMap<>();
        try {
            for (Client client : clients) {
                crowds.put(client, new Crowd(ROSTER.api().base(), CROWD).send(client.requests()));
            }
            // All in turn: the service may end the first connections before the last answers are there.
            Set<Client> unseen = new HashSet<>(clients);
            Poll.until("the answers to every client are unread", PATIENCE, () -> {
                unseen.removeIf(client -> isUnread(client, Objects.requireNonNull(crowds.get(client))));
                return unseen.isEmpty();
            });

            crowds.forEach((client, crowd) -> Poll.until(
                    "the kernel has forgotten " + client.name(), PATIENCE, () -> untaken(ROSTER, crowd) == 0));
            Poll.until("all are closed", PATIENCE, () -> connections(ROSTER) == 0);
        } finally {
            crowds.values().forEach(Crowd::close);
        }
    }

    private static boolean isUnread(Client client, Crowd crowd) {
        boolean isUnread = untaken(ROSTER, crowd) > 0;
        if (isUnread && client.endsOutput()) {
            crowd.endOutput();
        }
        return isUnread;
    }

    /** Sends requests, then nothing more, and does not read. */
    private record Client(String name, String requests, boolean endsOutput) {}

    /** R3, F13 */
    @Test
    @SuppressWarnings("try") // the crowd only has to stay open
    void kernelHoldsNothingForConnectionsPastTheMaximum() {
        try (Crowd crowd = new Crowd(FULL.api().base(), 200).send(MANY)) {
            Poll.until("the others have made way", PATIENCE, () -> {
                FULL.api().get("/users/me", null).expect(401);
                return FULL.count("roster_connections_ended_total", "reason", "displaced") >= 200 - 50
                        && untaken(FULL) <= 50;
            });
        }
    }

    /** R3, F14 */
    @Test
    @SuppressWarnings("try") // the crowd only has to stay open
    void fewLargeAnswersAreHeldAtOnce() {
        try (Crowd crowd = new Crowd(PATIENT.api().base(), 600).send(LARGE + "\r\n")) {
            Poll.until(
                    "the others have made way",
                    PATIENCE,
                    () -> PATIENT.count("roster_connections_ended_total", "reason", "displaced") == 600 - 256);

            Poll.until("the kernel has forgotten them", PATIENCE, () -> untaken(PATIENT) == 256);
            assertThat(PATIENT.count("roster_connections_ended_total", "reason", "late"))
                    .isZero();
        }
    }

    /** R3, N1 */
    @Test
    @SuppressWarnings("try") // the crowd only has to stay open
    void kernelHoldsNothingOfAStoppedService() throws Exception {
        RosterExtension stopping = started();
        int port = stopping.api().base().getPort();
        try (Crowd crowd = new Crowd(stopping.api().base(), CROWD).send(MANY)) {
            Poll.until("answers are unread", PATIENCE, () -> KernelSockets.withUntakenBytes(port) == CROWD);

            stopping.stop();

            assertThat(KernelSockets.untakenBytes(port)).isZero();
        }
    }

    /** N1 */
    @Test
    void clientsOfAStoppingServiceGetTheirAnswers() throws Exception {
        RosterExtension stopping = started();
        try (Crowd crowd = new Crowd(stopping.api().base(), CROWD).send(MANY)) {
            Poll.until("all are answered", PATIENCE, () -> answered(stopping) == CROWD * REQUESTS);
            CompletableFuture<Void> stop = CompletableFuture.runAsync(stopping::stop);

            Poll.until("all ended", PATIENCE, () -> crowd.ended() == CROWD);

            stop.join();
            assertThat(crowd.received())
                    .allSatisfy(answers ->
                            assertThat(statuses(answers)).hasSize(REQUESTS).containsOnly("401"));
        }
    }

    /** A client may close its output after its last request (RFC 9112, section 9.6) and read slowly. */
    @Test
    void clientThatClosedItsOutputGetsItsAnswers() throws IOException {
        try (Socket client = connect(PATIENT.api().base())) {
            send(client, MANY);
            client.shutdownOutput();
            Poll.until("answers are unread", PATIENCE, () -> untaken(PATIENT) > 0);
            Poll.until("closed by the service", PATIENCE, () -> connections(PATIENT) == 0);
            assertThat(KernelSockets.untakenBytes(PATIENT.api().base().getPort()))
                    .isPositive();

            assertThat(statuses(readAll(client))).hasSize(REQUESTS).containsOnly("401");
        }
    }

    /** More connections than the service keeps. */
    @Test
    void clientsThatHaveGoneDoNotTakeTheAnswersOfOneThatReads() throws IOException {
        try (Socket client = connect(SHORT.api().base())) {
            send(client, MANY);
            Poll.until("all are answered", PATIENCE, () -> answered(SHORT) == REQUESTS);
            Poll.until("closed by the service", PATIENCE, () -> connections(SHORT) == 0);

            for (int i = 0; i < 1_100; i++) {
                SHORT.raw().send(ME + "Connection: close\r\n\r\n").only().expect(401);
            }

            assertThat(statuses(readAll(client))).hasSize(REQUESTS).containsOnly("401");
        }
    }

    @Test
    void lastAnswerOfAConnectionArrivesWholeWithAnOrderlyEnd() throws IOException {
        try (Socket client = connect(PATIENT.api().base())) {
            send(client, LARGE + "Connection: close\r\n\r\n");

            String answer = readAll(client);

            String header = answer.substring(0, answer.indexOf("\r\n\r\n"));
            assertThat(header).startsWith("HTTP/1.1 200 ");
            assertThat(answer.length() - header.length() - 4).isEqualTo(contentLength(header));
        }
    }

    @Test
    void idleConnectionEndsInOrder() throws IOException {
        try (Socket client = connect(ROSTER.api().base())) {
            send(client, ME + "\r\n");

            assertThat(statuses(readAll(client))).containsExactly("401");
        }
    }

    /** Otherwise the client would take the answer for a lost one, and repeat the request. */
    @Test
    void refusedBodyIsAnsweredToAClientThatSendsOn() throws IOException {
        try (Socket client = connect(PATIENT.api().base())) {
            send(client, LOGIN.replace("Content-Length: 9", "Content-Length: 99999") + " ".repeat(50_000));

            assertThat(statuses(readAll(client))).containsExactly("413");
        }
    }

    private static RosterExtension started() throws Exception {
        RosterExtension extension = new RosterExtension();
        extension.start();
        return extension;
    }

    private static double answered(RosterExtension roster) {
        return Exposition.of(new Api(roster.admin()))
                .samples("http_server_request_duration_seconds_count")
                .mapToDouble(Exposition.Sample::value)
                .sum();
    }

    private static Socket connect(URI base) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        return socket;
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads up to the end, and fails if the connection is reset. */
    private static String readAll(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static int contentLength(String header) {
        return header.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                .findAny()
                .orElseThrow();
    }

    private static long untaken(RosterExtension roster) {
        return KernelSockets.withUntakenBytes(roster.api().base().getPort());
    }

    private static long untaken(RosterExtension roster, Crowd crowd) {
        return KernelSockets.withUntakenBytes(roster.api().base().getPort(), crowd.ports());
    }

    private static int connections(RosterExtension roster) {
        Connector[] connectors = roster.support()
                .getEnvironment()
                .getApplicationContext()
                .getServer()
                .getConnectors();
        return Arrays.stream(connectors)
                .filter(Connections::isApi)
                .mapToInt(connector -> connector.getConnectedEndPoints().size())
                .sum();
    }

    private static List<String> statuses(String answers) {
        return STATUS.matcher(answers).results().map(found -> found.group(1)).toList();
    }
}
