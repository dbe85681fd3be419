package dev.roster.command.verification;

import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/** The requests of a proof of an address. */
record VerificationRequests(Api api) {
    Reply request(String email) {
        return api.post("/auth/verification", Map.of("email", email));
    }

    Reply confirm(String token) {
        return api.post("/auth/verification/confirm", Map.of("token", token));
    }

    Reply confirm(String token, String password) {
        return api.post("/auth/verification/confirm", Map.of("token", token, "password", password));
    }

    /** The same with an access token. */
    Reply confirmAs(String accessToken, String token) {
        return api.send(api.request("/auth/verification/confirm", accessToken)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(TestTokens.json(Map.of("token", token)))));
    }
}
