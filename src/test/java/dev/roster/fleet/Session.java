package dev.roster.fleet;

import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The token of one login, and when it ended. Thread-safe. */
final class Session {
    /** Between two attempts at what was answered 503, as it is where the disk stands still for a second. */
    private static final Duration RETRY = Duration.ofMillis(100);

    private final String token;
    private volatile OptionalLong ended = OptionalLong.empty();

    private Session(String token) {
        this.token = token;
    }

    /** Logs in somebody whose password is {@link Api#PASSWORD}. */
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

    /** Logs out. From the answer's last byte on, nobody may use the token. */
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

    /** When the last byte of the answer was there. */
    OptionalLong ended() {
        return ended;
    }
}
