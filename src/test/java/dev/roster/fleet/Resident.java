package dev.roster.fleet;

import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A user of two nodes, who compares each answer with what was acknowledged before. Turns to the other node if one does
 * not answer, or answers 503. Lives on one thread; what it has found may be read on others.
 */
final class Resident {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int NOBODY = -1;

    private final String email = Api.newEmail();
    private final List<Client> clients;

    /** Which nodes are of the version before, by the form of their last consistency token. */
    private final boolean[] isEarlier;

    private final List<String> revoked = new ArrayList<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private String name = "A Person";
    private String path = "";
    private String accessToken = "";
    private String refreshToken = "";
    private int answeredBy = NOBODY;
    private int retries;
    private final AtomicInteger rounds = new AtomicInteger();

    Resident(List<URI> nodes) {
        this.clients =
                nodes.stream().map(node -> new Client(node.toString(), node)).toList();
        this.isEarlier = new boolean[nodes.size()];
    }

    /** How often it has done everything. */
    int rounds() {
        return rounds.get();
    }

    /** The answers that were wrong. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Does everything once: the first request of a round goes to the other node than that of the last. */
    void live() {
        if (path.isEmpty()) {
            register();
        }
        change();
        refresh();
        logInAndOut();
        rounds.incrementAndGet();
    }

    private void register() {
        Answer answer = send("register", Request.post("/api/v1/auth/register", Api.newBody(email)));
        // The node that ended before it answered may have registered the address.
        expect("register", answer, retries > 0 && answer.status() == 409 ? 409 : 201);
        remember("log in", Request.logIn(email, Api.PASSWORD));
        path = "/api/v1/users/" + TestTokens.read(accessToken).path("sub").asText();
    }

    private void change() {
        name = "Person of Round " + rounds.get();
        Answer change = send("change", Request.put(path, Map.of("name", name)).as(accessToken));
        expect("change", change, 200);
        int changedBy = answeredBy;
        Answer here = send(changedBy, "read on the same node", Request.me(accessToken));
        if (answeredBy == changedBy) {
            expectName("read on the same node", here);
        }
        String token = String.valueOf(change.header("Consistency-Token"));
        isEarlier[changedBy] = !token.contains(".");
        Answer there = send(1 - changedBy, "read", Request.me(accessToken).with("Consistency-Token", token));
        if (there.status() == 422 && isEarlier[answeredBy] && !isEarlier[changedBy]) {
            return; // docs/upgrading.md: a node of the version before refuses a token that names its timeline
        }
        expectName("read on the other node", there);
    }

    private void refresh() {
        String earlier = accessToken;
        remember("refresh", Request.post("/api/v1/auth/refresh", Map.of("refresh_token", refreshToken)));
        expect("read with the token before the refresh", send(1 - answeredBy, "read", Request.me(earlier)), 200);
        expect("read with the token of the refresh", send(1 - answeredBy, "read", Request.me(accessToken)), 200);
    }

    /** A second session, which ends. */
    private void logInAndOut() {
        Answer login = send("log in", Request.logIn(email, Api.PASSWORD));
        expect("log in", login, 200);
        String token = text(login, "access_token");
        expect("read in the second session", send(1 - answeredBy, "read", Request.me(token)), 200);
        expect("log out", send("log out", Request.logOut(token)), 204);
        int loggedOutBy = answeredBy;
        Answer here = send(loggedOutBy, "read after the logout", Request.me(token));
        if (answeredBy == loggedOutBy) {
            expect("read after the logout on the same node", here, 401);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Answer there = send(1 - loggedOutBy, "read", Request.me(token));
        while (there.status() == 200 && System.nanoTime() < deadline) {
            there = send(1 - loggedOutBy, "read", Request.me(token));
        }
        expect("read after the logout on the other node", there, 401);
        revoked.add(token);
    }

    /** Checks each node for everything that was acknowledged. Call it when the loops have ended. */
    void expectAsAcknowledged() {
        for (int node = 0; node < clients.size(); node++) {
            expectName("read at the end", send(node, "read", Request.get(path).as(accessToken)));
            for (String token : revoked) {
                expect("read with a token that was logged out", send(node, "read", Request.me(token)), 401);
            }
            remember("refresh at the end", Request.post("/api/v1/auth/refresh", Map.of("refresh_token", refreshToken)));
        }
        clients.forEach(Client::close);
    }

    private void remember(String what, Request request) {
        Answer answer = send(what, request);
        expect(what, answer, 200);
        accessToken = text(answer, "access_token");
        refreshToken = text(answer, "refresh_token");
    }

    private Answer send(String what, Request request) {
        return send(rounds.get() % clients.size(), what, request);
    }

    /** Sends a request to this node first. */
    private Answer send(int first, String what, Request request) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        retries = 0;
        while (true) {
            answeredBy = (first + retries) % clients.size();
            Answer answer = clients.get(answeredBy).send(request);
            if (answer.status() != 0 && answer.status() != 503) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(email + ": no node answers: " + what + ": " + answer);
            }
            retries++;
            Loops.pause(PAUSE);
        }
    }

    private void expectName(String what, Answer answer) {
        expect(what, answer, 200);
        String found = text(answer, "name");
        if (!name.equals(found)) {
            faults.add(email + ": " + what + ": not " + name + ", but " + found);
        }
    }

    private void expect(String what, Answer answer, int status) {
        if (answer.status() != status) {
            faults.add(email + ": " + what + ": not " + status + ", but " + answer);
        }
    }

    private static String text(Answer answer, String member) {
        Reply reply = answer.reply();
        return reply == null || reply.text().isEmpty()
                ? ""
                : reply.body().path(member).asText();
    }
}
