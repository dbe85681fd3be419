package dev.roster.fleet;

import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The access token of one login. Thread-safe. */
final class Session {
    /** The pause before a request that got 503 is repeated, as after a stall of the disk. */
    private static final Duration RETRY = Duration.ofMillis(100);

    private final String token;
    private volatile OptionalLong ended = OptionalLong.empty();

    private Session(String token) {
        this.token = token;
    }

    /** Logs in a user whose password is {@link Api#PASSWORD}. */
    static Session begin(Client client, String email) {
        Answer answer = sendUntilAvailable(client, Request.logIn(email, Api.PASSWORD));
        return new Session(answer.expect(200).body().path("access_token").asText());
    }

    static List<Session> begin(Client client, String email, int count) {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(begin(client, email));
        }
        return sessions;
    }

    String token() {
        return token;
    }

    /** Logs out. No node may accept the token after the last byte of the answer. */
    void end(Client client) {
        Answer answer = sendUntilAvailable(client, Request.logOut(token));
        answer.expect(204);
        ended = OptionalLong.of(answer.done());
    }

    private static Answer sendUntilAvailable(Client client, Request request) {
        long begun = System.nanoTime();
        Answer answer = client.send(request);
        while (answer.status() == 503 && System.nanoTime() - begun < Client.PATIENCE.toNanos()) {
            Loops.pause(RETRY);
            answer = client.send(request);
        }
        return answer;
    }

    /** When the last byte of the logout's answer arrived, if it has. */
    OptionalLong ended() {
        return ended;
    }
}
