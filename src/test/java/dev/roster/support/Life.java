package dev.roster.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A user who registers, logs in, changes their name, and then logs out or deletes themselves. The first request that
 * fails is the last one. Remembers which requests the service acknowledged, to check later that it forgot none of them.
 */
public final class Life {
    private final String email = Api.newEmail();
    private final boolean deletes = email.hashCode() % 2 == 0;
    private final List<String> acknowledged = new ArrayList<>();
    private final List<Reply> refusals = new ArrayList<>();
    private String inDoubt = "register";
    private String token = "";
    private UUID id = new UUID(0, 0);

    /** Sends the requests. Call it once. */
    public void live(Api api) {
        try {
            Reply registered = api.register(Api.newBody(email));
            if (!acknowledge(registered, 201, "login")) {
                return;
            }
            id = UUID.fromString(registered.body().path("id").asText());
            Reply loggedIn = api.login(email, Api.PASSWORD);
            if (!acknowledge(loggedIn, 200, "update")) {
                return;
            }
            token = loggedIn.body().path("access_token").asText();
            if (!acknowledge(
                    api.put("/users/" + id, token, Map.of("name", "Changed")), 200, deletes ? "delete" : "logout")) {
                return;
            }
            acknowledge(deletes ? api.delete("/users/" + id, token) : api.logout(token), 204, "");
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("No answer"); // the last request stays in doubt
        }
    }

    private boolean acknowledge(Reply reply, int success, String next) {
        if (reply.status() == success) {
            acknowledged.add(inDoubt);
            inDoubt = next;
            return true;
        }
        refusals.add(reply);
        return false;
    }

    /** Whether {@code register}, {@code login}, {@code update}, {@code logout} or {@code delete} succeeded. */
    public boolean isAcknowledged(String request) {
        return acknowledged.contains(request);
    }

    /** Whether every request succeeded. */
    public boolean isComplete() {
        return inDoubt.isEmpty();
    }

    /** The answer that ended this life early. Empty if no request failed or the failed one had no answer. */
    public List<Reply> refusals() {
        return List.copyOf(refusals);
    }

    /**
     * Asserts that every acknowledged change is still there, and that the request in doubt happened entirely or not at
     * all.
     */
    public void expectAsAcknowledged(Api api) {
        if (!isAcknowledged("register")) {
            return;
        }
        boolean mayBeDeleted = inDoubt.equals("delete");
        Reply login = api.login(email, Api.PASSWORD);
        if (isAcknowledged("delete") || (mayBeDeleted && login.status() == 401)) {
            login.expectProblem(401, "invalid-credentials");
            api.get("/users/" + id, token).expectProblem(401, "invalid-token");
            return;
        }
        login.expect(200);
        String name = login.body().path("user").path("name").asText();
        Set<String> names = isAcknowledged("update")
                ? Set.of("Changed")
                : inDoubt.equals("update") ? Set.of("A Person", "Changed") : Set.of("A Person");
        assertThat(name).isIn(names);
        if (isAcknowledged("logout")) {
            api.get("/users/" + id, token).expectProblem(401, "invalid-token");
        } else if (isAcknowledged("login") && !inDoubt.equals("logout")) {
            api.get("/users/" + id, token).expect(200);
        }
    }
}
