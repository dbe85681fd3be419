package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Chance;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Leaks;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random requests, from nearly valid to nonsense. Each run sends the same ones; {@code -Droster.fuzz=100000} sends
 * more, {@code -Droster.fuzz.seed=7} sends others.
 */
class FuzzIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

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
    private final Api api = ROSTER.api();
    private final RawHttp raw = ROSTER.raw();
    private final Chance chance = new Chance();
    private TestUser user = api.newUser();

    /** L7, L2 */
    @Test
    void randomRequestsNeverCauseAFault() {
        for (int i = 0; i < REQUESTS; i++) {
            if (i % REQUESTS_A_USER == 0) {
                user = api.newUser(); // a random request may have deleted the last one
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
        String path = chance.sometimes(5) ? chance.mutated(chance.one(PATHS), 2) : chance.one(PATHS);
        String body =
                chance.one(BODIES).replace("{n}", Integer.toString(number)).replace("{email}", user.email());
        body = chance.sometimes(2) ? chance.mutated(body, 3) : body;
        StringBuilder head = new StringBuilder(chance.one(METHODS))
                .append(" /api/v1")
                .append(path.replace("{id}", user.id().toString()))
                .append(" HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n")
                .append("Content-Length: ")
                .append(body.length())
                .append("\r\n");
        if (!chance.sometimes(4)) {
            head.append("Authorization: Bearer ").append(token()).append("\r\n");
        }
        while (chance.sometimes(3)) {
            head.append(chance.sometimes(3) ? chance.mutated(chance.one(HEADERS), 2) : chance.one(HEADERS))
                    .append("\r\n");
        }
        String whole = head.append("\r\n").append(body).toString();
        return RawHttp.bytes(chance.sometimes(10) ? chance.mutated(whole, 4) : whole);
    }

    private String token() {
        if (chance.sometimes(4)) {
            return chance.mutated(user.token(), 2);
        }
        if (chance.sometimes(4)) {
            String claims = chance.mutated(TestTokens.json(TestTokens.claims(user.id())), 2);
            return TestTokens.sign(TestTokens.json(TestTokens.header()), claims, TestTokens.SECRET_KEY, "HmacSHA256");
        }
        return user.token();
    }
}
