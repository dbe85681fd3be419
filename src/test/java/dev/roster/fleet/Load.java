package dev.roster.fleet;

import dev.roster.support.http.Api;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Users who keep reading, changing their names, logging in and logging out at one address. */
final class Load implements AutoCloseable {
    private static final Duration BREATH = Duration.ofMillis(20);

    private final Loops loops = new Loops();
    private final Queue<Step> steps = new ConcurrentLinkedQueue<>();

    /** One request, the status it should have, and its answer. */
    record Step(String what, int success, Answer answer) {
        boolean failed() {
            return answer.status() != success;
        }

        Duration took() {
            return answer.took();
        }

        @Override
        public String toString() {
            return what + ": " + answer;
        }
    }

    /** @param people users that every node knows; each has a thread */
    Load(String name, URI address, List<Api.TestUser> people) {
        for (Api.TestUser person : people) {
            Client client = new Client(name, address); // never closed, as it may hang
            loops.repeat(BREATH, () -> live(client, person));
        }
    }

    private void live(Client client, Api.TestUser person) {
        String path = "/api/v1" + person.path();
        step("read", 200, client, Request.get(path).as(person.token()));
        step(
                "update",
                200,
                client,
                Request.put(path, Map.of("name", "Someone Else")).as(person.token()));
        step("read", 200, client, Request.me(person.token()));
        step("sessions", 200, client, Request.get(path + "/sessions").as(person.token()));
        Answer login = step("login", 200, client, Request.logIn(person.email(), Api.PASSWORD));
        if (login.accepted()) {
            String token = login.expect(200).body().path("access_token").asText();
            step("logout", 204, client, Request.logOut(token));
        }
    }

    private Answer step(String what, int success, Client client, Request request) {
        Answer answer = client.send(request);
        steps.add(new Step(what, success, answer));
        return answer;
    }

    /** All requests so far. */
    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** The requests that failed. */
    List<Step> failures() {
        return steps.stream().filter(Step::failed).toList();
    }

    /** The requests that failed with another status than 503. */
    List<Step> faults() {
        return steps.stream()
                .filter(step -> step.failed() && step.answer().status() != 503)
                .toList();
    }

    @Override
    public void close() {
        loops.close();
    }
}
