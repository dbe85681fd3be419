package dev.roster.fleet;

import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The tokens of one login or refresh. Thread-safe. */
public final class Session {
    /** The pause before a request that got 503 is repeated, as after a stall of the disk. */
    private static final Duration RETRY = Duration.ofMillis(100);

    private final String token;
    private final String refreshToken;
    private volatile OptionalLong ended = OptionalLong.empty();

    private Session(String token, String refreshToken) {
        this.token = token;
        this.refreshToken = refreshToken;
    }

    /** Reads the answer to a login or a refresh. */
    public static Session of(Reply reply) {
        Api.TestSession opened = Api.TestSession.of(reply);
        return new Session(opened.accessToken(), opened.refreshToken());
    }

    /** Logs in a user whose password is {@link Api#PASSWORD}. */
    static Session begin(Client client, String email) {
        Answer answer = sendUntilAvailable(client, Request.logIn(email, Api.PASSWORD));
        return of(answer.expect(200));
    }

    static List<Session> begin(Client client, String email, int count) {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(begin(client, email));
        }
        return sessions;
    }

    /** The access token. */
    public String token() {
        return token;
    }

    public String refreshToken() {
        return refreshToken;
    }

    /** Logs out. No node may accept the token after the last byte of the answer. */
    void end(Client client) {
        Answer answer = sendUntilAvailable(client, Request.logOut(token));
        answer.expect(204);
        endedBy(answer);
    }

    /** Notes that the request with this answer has ended the session. */
    public void endedBy(Answer answer) {
        ended = OptionalLong.of(answer.done());
    }

    /** Repeats a request that gets 503, for a while. */
    public static Answer sendUntilAvailable(Client client, Request request) {
        long begun = System.nanoTime();
        Answer answer = client.send(request);
        while (answer.status() == 503 && System.nanoTime() - begun < Client.PATIENCE.toNanos()) {
            Loops.pause(RETRY);
            answer = client.send(request);
        }
        return answer;
    }

    /** When the last byte of the answer arrived that ended the session, if it has. */
    public OptionalLong ended() {
        return ended;
    }
}
