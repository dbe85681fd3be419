package dev.roster.fleet;

import dev.roster.support.TestTokens;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP request. */
public record Request(String method, String path, Map<String, String> headers, String body) {
    public static Request get(String path) {
        return new Request("GET", path, Map.of(), "");
    }

    public static Request post(String path, Map<String, ?> body) {
        return withBody("POST", path, TestTokens.json(body));
    }

    /** POSTs without a body. */
    public static Request post(String path) {
        return new Request("POST", path, Map.of(), "");
    }

    public static Request put(String path, Map<String, ?> body) {
        return withBody("PUT", path, TestTokens.json(body));
    }

    /** Reads the user of this token. */
    public static Request me(String token) {
        return get("/api/v1/users/me").as(token);
    }

    public static Request logIn(String email, String password) {
        return post("/api/v1/auth/login", Map.of("email", email, "password", password));
    }

    public static Request logOut(String token) {
        return post("/api/v1/auth/logout").as(token);
    }

    public static Request refresh(String refreshToken) {
        return post("/api/v1/auth/refresh", Map.of("refresh_token", refreshToken));
    }

    public static Request delete(String path) {
        return new Request("DELETE", path, Map.of(), "");
    }

    private static Request withBody(String method, String path, String body) {
        return new Request(method, path, Map.of("Content-Type", "application/json"), body);
    }

    /** Adds an access token. */
    public Request as(String token) {
        return with("Authorization", "Bearer " + token);
    }

    public Request with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Request(method, path, more, body);
    }

    byte[] bytes(URI address) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(512)
                .append(method + " " + path + " HTTP/1.1\r\n")
                .append("Host: " + address.getAuthority() + "\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (!method.equals("GET")) {
            head.append("Content-Length: " + content.length + "\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[start.length + content.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(content, 0, all, start.length, content.length);
        return all;
    }
}
