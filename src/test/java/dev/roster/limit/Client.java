package dev.roster.limit;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client with an address of its own, behind a trusted proxy. */
record Client(Api api, String ip) {

    static Client of(RosterExtension roster, String ip) {
        return new Client(roster.api(), ip);
    }

    Reply login(String email, String password) {
        return post("/auth/login", Map.of("email", email, "password", password));
    }

    Reply register(String email) {
        return post("/auth/register", Api.newBody(email));
    }

    Reply refresh(String refreshToken) {
        return post("/auth/refresh", Map.of("refresh_token", refreshToken));
    }

    Reply changePassword(Api.TestUser user, String currentPassword) {
        Map<String, String> body = Map.of("password", "Another-Horse-9", "current_password", currentPassword);
        return api.send(request(user.path(), user.token()).PUT(BodyPublishers.ofString(TestTokens.json(body))));
    }

    private Reply post(String path, Map<String, ?> body) {
        return api.send(request(path, null).POST(BodyPublishers.ofString(TestTokens.json(body))));
    }

    private HttpRequest.Builder request(String path, @Nullable String token) {
        return api.request(path, token)
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", ip);
    }
}
