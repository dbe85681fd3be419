package dev.roster.command.reset;

import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.Map;

/** The requests of a password reset. */
public record ResetRequests(Api api) {
    /** A password that no user has before. */
    public static final String NEW_PASSWORD = "Another-Horse-9";

    public Reply request(String email) {
        return api.post("/auth/password-reset", Map.of("email", email));
    }

    public Reply confirm(String token) {
        return confirm(token, NEW_PASSWORD);
    }

    public Reply confirm(String token, String password) {
        return api.post("/auth/password-reset/confirm", Map.of("token", token, "password", password));
    }
}
