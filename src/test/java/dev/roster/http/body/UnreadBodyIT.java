package dev.roster.http.body;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** After a body that was not needed, the connection serves the next request. */
class UnreadBodyIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();

    @RepeatedTest(50)
    void requestAfterARefusedOneIsAnswered() {
        String path = "/users/" + UUID.randomUUID();

        api.put(path, "garbage", Map.of("name", "B")).expectInvalidToken();
        api.delete(path, "garbage").expectInvalidToken();
        api.put("/nowhere", null, Map.of("name", "B")).expectProblem(404, "not-found");
        api.delete("/nowhere", null).expectProblem(404, "not-found");
        api.put("/auth/login", null, Map.of("name", "B")).expectProblem(405, "method-not-allowed");
        api.delete("/auth/login", null).expectProblem(405, "method-not-allowed");
    }

    @RepeatedTest(50)
    void requestAfterALogoutWithABodyIsAnswered() {
        String token = TestTokens.sign(TestTokens.header(), TestTokens.claims(UUID.randomUUID()));

        api.send(api.request("/auth/logout", token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}")))
                .expect(204);
        api.logout(token).expect(204);
    }
}
