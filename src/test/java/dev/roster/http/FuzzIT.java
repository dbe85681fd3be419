package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Api;
import dev.roster.support.Api.TestUser;
import dev.roster.support.Leaks;
import dev.roster.support.RawHttp;
import dev.roster.support.Reply;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Requests by chance, from nearly right to nonsense: none makes the service fail. The same ones each time;
 * {@code -Droster.fuzz=100000} tries more, {@code -Droster.fuzz.seed=7} others.
 */
class FuzzIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final int REQUESTS = Integer.getInteger("roster.fuzz", 3000);
    private static final int REQUESTS_A_USER = 100;

    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "FOO");
    private static final List<String> PATHS = List.of(
            "/auth/register",
            "/auth/login",
            "/auth/refresh",
            "/auth/logout",
            "/users/me",
            "/users/{id}",
            "/users/{id}/sessions",
            "/users/{id}/sessions/019ab6f0-0000-7000-8000-000000000000",
            "/users/019ab6f0-0000-7000-8000-000000000000",
            "/users",
            "/");
    private static final List<String> BODIES = List.of(
            "{\"name\":\"A\",\"email\":\"fuzz{n}@example.com\",\"role\":\"user\",\"password\":\"Correct-Horse-9\"}",
            "{\"email\":\"{email}\",\"password\":\"Correct-Horse-9\"}",
            "{\"refresh_token\":\"AZq28P__-_{n}\"}",
            "{\"name\":\"B\",\"email\":\"fuzz{n}@example.com\"}",
            "{\"password\":\"Correct-Horse-{n}\",\"current_password\":\"Correct-Horse-9\"}",
            "{}",
            "");
    private static final List<String> HEADERS = List.of(
            "Accept: application/json",
            "Accept: text/html;q=",
            "Accept-Language: tr-TR,*;q=2",
            "Content-Encoding: gzip",
            "Content-Type: text/plain; charset=\"",
            "Expect: 100-continue",
            "If-Match: \"1\"",
            "If-Match: W/\"x\", \"99999999999999999999\", *",
            "If-None-Match: \"1\"",
            "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
            "If-Unmodified-Since: yesterday",
            "Range: bytes=0-0,5-1",
            "Cookie: a=\"b; c",
            "Origin: null",
            "Upgrade: websocket",
            "X-Forwarded-For: ::1, x",
            "Forwarded: for=\"_x",
            "X-Request-Id: a",
            "Transfer-Encoding: chunked");
    private static final List<String> TEXTS = List.of(
            "\\u0000",
            "\\ud800",
            "\\u202e",
            "\0",
            "\u00ff",
            "\u00c0\u00af",
            "\u00f0\u009f\u0092\u00a9",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "true",
            "-1",
            "1e999",
            "[[[[[[[[[",
            "\"a\":1,",
            "'; DROP TABLE users; --",
            "${1+1}",
            "#{7*7}",
            "${jndi:ldap://127.0.0.1/a}",
            "%00",
            "%2e%2e/",
            "%s%n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "\t",
            ";a=b",
            "?a=%zz",
            "@",
            ".",
            "\u00c4\u00b0",
            "\u00e2\u0084\u00aa",
            "x".repeat(300));

    private final Api api = ROSTER.api();
    private final RawHttp raw = ROSTER.raw();
    private final Random random = new Random(Long.getLong("roster.fuzz.seed", 20261122));
    private TestUser user = api.newUser();

    /** L7, L2 */
    @Test
    void neverFails() {
        for (int i = 0; i < REQUESTS; i++) {
            if (i % REQUESTS_A_USER == 0) {
                user = api.newUser(); // the last one may have been deleted, by chance
            }
            byte[] request = request(i);
            for (Reply reply : raw.sendAll(request).replies()) {
                assertThat(reply.status())
                        .as(
                                "request %d: %s%nanswer: %s",
                                i, new String(request, StandardCharsets.ISO_8859_1), reply.text())
                        .matches(status -> status < 500 || status == 505, "is the client's fault, if any");
                if (reply.status() >= 400) {
                    Leaks.none(reply);
                }
            }
        }

        TestUser afterwards = api.newUser();
        api.get(afterwards.path(), afterwards.token()).expect(200);
    }

    private byte[] request(int number) {
        String path = sometimes(5) ? mutated(one(PATHS), 2) : one(PATHS);
        String body = one(BODIES).replace("{n}", Integer.toString(number)).replace("{email}", user.email());
        body = sometimes(2) ? mutated(body, 3) : body;
        StringBuilder head = new StringBuilder(one(METHODS))
                .append(" /api/v1")
                .append(path.replace("{id}", user.id().toString()))
                .append(" HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n")
                .append("Content-Length: ")
                .append(body.length())
                .append("\r\n");
        if (!sometimes(4)) {
            head.append("Authorization: Bearer ").append(token()).append("\r\n");
        }
        while (sometimes(3)) {
            head.append(sometimes(3) ? mutated(one(HEADERS), 2) : one(HEADERS)).append("\r\n");
        }
        String whole = head.append("\r\n").append(body).toString();
        return RawHttp.bytes(sometimes(10) ? mutated(whole, 4) : whole);
    }

    private String token() {
        if (sometimes(4)) {
            return mutated(user.token(), 2);
        }
        if (sometimes(4)) {
            String claims = mutated(TestTokens.json(TestTokens.claims(user.id())), 2);
            return TestTokens.sign(TestTokens.json(TestTokens.header()), claims, TestTokens.SECRET_KEY, "HmacSHA256");
        }
        return user.token();
    }

    /** The text with so many pieces put in, taken out, doubled or changed. */
    private String mutated(String text, int most) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            int start = random.nextInt(mutated.length() + 1);
            int end = Math.min(mutated.length(), start + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> mutated.insert(start, one(TEXTS));
                case 1 -> mutated.delete(start, end);
                case 2 -> mutated.insert(start, mutated.substring(start, end));
                default -> mutated.replace(start, end, String.valueOf((char) random.nextInt(256)));
            }
        }
        return mutated.toString();
    }

    private boolean sometimes(int in) {
        return random.nextInt(in) == 0;
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
