package dev.roster.failover;

import dev.roster.fleet.Answer;
import dev.roster.fleet.Client;
import dev.roster.fleet.Request;
import dev.roster.fleet.Session;
import dev.roster.support.http.Api;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person who registers, logs in, changes their name and logs out, once. A write that is not acknowledged is the last
 * one. Lives on one thread; what happened may be read on others afterwards.
 */
final class Visitor {
    private static final String NAME = "Changed";

    private final String email = Api.newEmail();
    private final Map<Write, Answer> answers = new EnumMap<>(Write.class);
    private String node = "";
    private String path = "";
    private @Nullable Session session;

    /** What a visitor does, in this order. */
    enum Write {
        REGISTER(201),
        LOG_IN(200),
        CHANGE(200),
        LOG_OUT(204);

        private final int success;

        Write(int success) {
            this.success = success;
        }
    }

    /**
     * What the service has acknowledged to a visitor and does not have.
     *
     * @param position the Consistency-Token of the answer
     * @param node the node that acknowledged it
     * @param begun when the request began
     */
    record Loss(Write write, String position, String node, long begun) {}

    /** Sends the requests. Call it once. */
    void live(Client client) {
        node = client.name();
        Answer registered = send(client, Write.REGISTER, Request.post("/api/v1/auth/register", Api.newBody(email)));
        if (!isAcknowledged(Write.REGISTER)) {
            return;
        }
        path = "/api/v1/users/" + registered.expect(201).body().path("id").asText();
        Answer login = send(client, Write.LOG_IN, Request.logIn(email, Api.PASSWORD));
        if (!isAcknowledged(Write.LOG_IN)) {
            return;
        }
        Session opened = Session.of(login.expect(200));
        session = opened;
        send(client, Write.CHANGE, Request.put(path, Map.of("name", NAME)).as(opened.token()));
        if (isAcknowledged(Write.CHANGE)) {
            send(client, Write.LOG_OUT, Request.logOut(opened.token()));
        }
    }

    private Answer send(Client client, Write write, Request request) {
        Answer answer = client.send(request);
        answers.put(write, answer);
        return answer;
    }

    boolean isAcknowledged(Write write) {
        Answer answer = answers.get(write);
        return answer != null && answer.status() == write.success;
    }

    /** Whether everything was acknowledged. */
    boolean isComplete() {
        return isAcknowledged(Write.LOG_OUT);
    }

    /** The answers so far, in order. */
    Map<Write, Answer> answers() {
        return answers;
    }

    /** The first of the acknowledged writes that this node does not have. */
    Optional<Loss> findLoss(Client client) {
        if (!isAcknowledged(Write.REGISTER)) {
            return Optional.empty();
        }
        Answer login = Session.sendUntilAvailable(client, Request.logIn(email, Api.PASSWORD));
        if (login.status() == 401) {
            return loss(Write.REGISTER);
        }
        String name = login.expect(200).body().path("user").path("name").asText();
        if (isAcknowledged(Write.CHANGE) && !name.equals(NAME)) {
            return loss(Write.CHANGE);
        }
        if (isAcknowledged(Write.LOG_IN) && !answers.containsKey(Write.LOG_OUT) && session != null) {
            return Session.sendUntilAvailable(client, Request.refresh(session.refreshToken()))
                                    .status()
                            == 401
                    ? loss(Write.LOG_IN)
                    : Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether the visitor has logged out, and this node accepts one of their tokens nevertheless. */
    boolean isBack(Client client) {
        if (!isAcknowledged(Write.LOG_OUT) || session == null) {
            return false;
        }
        return Session.sendUntilAvailable(client, Request.me(session.token())).accepted()
                || Session.sendUntilAvailable(client, Request.refresh(session.refreshToken()))
                        .accepted();
    }

    private Optional<Loss> loss(Write write) {
        Answer answer = answers.get(write);
        String position = answer == null ? null : answer.header("Consistency-Token");
        long begun = answer == null ? 0 : answer.begun();
        return Optional.of(new Loss(write, position == null ? "" : position, node, begun));
    }

    @Override
    public String toString() {
        return email + " on " + node;
    }
}
