package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RevocationIT {
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3})");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    /** S1 */
    @Test
    void everyRequestAfterALogoutIsRefused() throws Exception {
        api.logout(user.token()).expect(204);

        List<List<Integer>> statuses = Concurrently.run(4, i -> pipelined(user, 2_500));

        assertThat(statuses).allSatisfy(each -> assertThat(each).hasSize(2_500).containsOnly(401));
    }

    /** S1 */
    @Test
    void everyRequestStartedAfterALogoutUnderLoadIsRefused() throws Exception {
        AtomicBoolean loggedOut = new AtomicBoolean();
        List<Integer> statusesAfter =
                Concurrently.run(8, i -> i == 0 ? logOut(loggedOut) : readAfter(loggedOut)).stream()
                        .flatMap(List::stream)
                        .toList();

        assertThat(statusesAfter).hasSize(700).containsOnly(401);
    }

    /** S1 */
    @Test
    void requestWhoseBodyArrivesAfterTheLogoutIsRefused() throws IOException {
        String body = "{\"name\":\"Too Late\"}";
        try (Socket socket =
                new Socket(InetAddress.getByName("127.0.0.1"), api.base().getPort())) {
            socket.setSoTimeout(30_000);
            String head =
                    "PUT /api/v1" + user.path() + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                            + user.token() + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\n\r\n";
            socket.getOutputStream().write((head + body.charAt(0)).getBytes(StandardCharsets.US_ASCII));
            api.logout(user.token()).expect(204);
            socket.getOutputStream().write(body.substring(1).getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 401 ");
        }
        assertThat(api.get(user.path(), api.newToken(user.email()))
                        .body()
                        .path("name")
                        .textValue())
                .isNotEqualTo("Too Late");
    }

    /** T11 */
    @Test
    void tokenOfAUserDeletedInTheDatabaseIsRefused() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM users WHERE id = ?", user.id()));

        api.get("/users/me", user.token()).expectInvalidToken();
        api.put(user.path(), user.token(), Map.of("name", "Nobody")).expectInvalidToken();
        api.delete(user.path(), user.token()).expectInvalidToken();
    }

    private List<Integer> logOut(AtomicBoolean loggedOut) {
        api.logout(user.token()).expect(204);
        loggedOut.set(true);
        return List.of();
    }

    /** Repeats a request, and returns the statuses of the first 100 that started after the logout. */
    private List<Integer> readAfter(AtomicBoolean loggedOut) {
        List<Integer> statuses = new ArrayList<>();
        while (statuses.size() < 100) {
            boolean begunAfter = loggedOut.get();
            int status = api.get(user.path(), user.token()).status();
            if (begunAfter) {
                statuses.add(status);
            }
        }
        return statuses;
    }

    @Test
    void logoutLeavesOtherSessionsAlone() {
        String other = api.newToken(user.email());

        api.logout(user.token()).expect(204);

        api.get(user.path(), user.token()).expectInvalidToken();
        api.get(user.path(), other).expect(200);
    }

    @Test
    void concurrentLogoutsOfOneTokenAllSucceed() throws Exception {
        assertThat(Concurrently.run(20, i -> api.logout(user.token()).status())).containsOnly(204);

        List<String> rows = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT kind || ' ' || reason FROM token_blocklist WHERE user_id = ?")
                .bind(0, user.id())
                .mapTo(String.class)
                .list());
        assertThat(rows).containsExactlyInAnyOrder("session logged_out", "token logged_out");
    }

    /** S7 */
    @Test
    void fiveThousandLogoutsAreAllRemembered() throws Exception {
        int threads = 4;
        List<List<Integer>> statuses = Concurrently.run(threads, i -> {
            List<String> tokens = Stream.generate(
                            () -> TestTokens.sign(TestTokens.header(), TestTokens.claims(user.id())))
                    .limit(5_000 / threads)
                    .toList();
            tokens.forEach(token -> api.logout(token).expect(204));
            return tokens.stream()
                    .map(token -> api.get(user.path(), token).status())
                    .toList();
        });

        assertThat(statuses.stream().flatMap(List::stream)).hasSize(5_000).containsOnly(401);
    }

    /** S8 */
    @Test
    void loggedOutTokenIsRefusedInEverySpelling() {
        String token = user.token();
        api.logout(token).expect(204);

        List<String> variants = new ArrayList<>();
        String start = token.substring(0, token.length() - 1);
        BASE64URL.chars().forEach(last -> variants.add(start + (char) last));
        for (String stray : List.of("=", "==", "!", "!!", "*", "%3D", "%0A", "\t", " ", ",", "A", ".", "~")) {
            variants.add(token + stray);
            variants.add(token.replaceFirst("\\.", stray + "."));
            variants.add(start + stray + token.substring(token.length() - 1));
        }
        variants.add(token.replace('-', '+').replace('_', '/') + "=");

        assertThat(variants).allSatisfy(variant -> api.get(user.path(), variant).expectInvalidToken());
    }

    /** S8 */
    @Test
    void loggedOutTokenIsRefusedEvenIfSignedAgain() {
        Map<String, Object> claims = TestTokens.claims(user.id());
        Map<String, Object> header = TestTokens.header();
        api.logout(TestTokens.sign(header, claims)).expect(204);

        header.put("kid", "another");
        claims.put("more", "claims");
        api.get(user.path(), TestTokens.sign(header, claims)).expectInvalidToken();
    }

    /** T11 */
    @Test
    void everyTokenOfADeletedUserIsRefused() {
        List<String> tokens = List.of(
                api.newToken(user.email()),
                api.newToken(user.email()),
                TestTokens.sign(TestTokens.header(), TestTokens.claims(user.id())));

        api.delete(user.path(), user.token()).expect(204);

        api.get(user.path(), user.token()).expectInvalidToken();
        for (String token : tokens) {
            api.get(user.path(), token).expectInvalidToken();
            api.get("/users/me", token).expectInvalidToken();
            api.put(user.path(), token, Map.of("name", "Somebody Else")).expectInvalidToken();
            api.delete(user.path(), token).expectInvalidToken();
            api.logout(token).expect(204);
        }
    }

    /** T11 */
    @Test
    void tokenOfADeletedUserIsRefusedAfterTheAddressRegistersAgain() {
        api.delete(user.path(), user.token()).expect(204);
        api.register(Api.newBody(user.email())).expect(201);

        api.get("/users/me", user.token()).expectInvalidToken();
        api.get("/users/me", api.newToken(user.email())).expect(200);
    }

    /** Sends requests over one connection without waiting for responses, and returns their statuses. */
    private static List<Integer> pipelined(Api.TestUser user, int count) {
        String request = "GET /api/v1" + user.path() + " HTTP/1.1\r\nHost: roster\r\nAuthorization: Bearer "
                + user.token() + "\r\n";
        byte[] requests = ((request + "\r\n").repeat(count - 1) + request + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(
                        InetAddress.getByName("127.0.0.1"), ROSTER.api().base().getPort());
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.setSoTimeout(60_000);
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(socket, requests));
            String text = String.join("\n", answers.lines().toList());
            sent.join();
            return STATUS_LINE
                    .matcher(text)
                    .results()
                    .map(match -> Integer.valueOf(match.group(1)))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
