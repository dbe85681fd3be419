package dev.roster.fleet;

import dev.roster.apikey.Scope;
import dev.roster.support.Concurrently;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * People are disabled on a random node, while each of them logs in and refreshes sessions on all nodes. Then they are
 * enabled and log in again.
 */
final class DisabledPeople implements Experiment {
    /** How many people go through rounds of their own at the same time. */
    private static final int LANES = 4;

    private static final int REFRESHES = 32;

    /** On each of three nodes: enough for the refreshes, and for one session a node whose token is only used. */
    private static final int SESSIONS_OF_NODE = 12;

    private static final int LOGINS = 32;
    private static final int REQUESTS = REFRESHES + LOGINS;
    private static final Duration BAR = Duration.ofMillis(250);
    private static final Duration STALE_BAR = Duration.ofSeconds(4);
    private static final Duration BREATH = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Uses of a few tokens during the race, for its lag. */
    private final Uses watched = new Uses();

    /** Uses of all access tokens, from the bar on. */
    private final Uses uses = new Uses();

    private final Queue<Answer> refreshes = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> logins = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> refreshesAfterDisable = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> loginsAfterDisable = new ConcurrentLinkedQueue<>();
    private final Queue<Answer> afterEnable = new ConcurrentLinkedQueue<>();

    @Override
    public String title() {
        return "a person disabled on a random node, against " + REQUESTS + " logins and refreshes on all nodes";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) throws Exception {
        List<Api.TestUser> people = fleet.newPeople(LANES);
        Concurrently.run(LANES, PATIENCE, lane -> {
            try (Person person = new Person(fleet, people.get(lane), new Random(lane))) {
                IntStream.range(0, length.disables() / LANES).forEach(round -> person.race());
                person.useAllAgain();
            }
            return lane;
        });
        long late = watched.acceptedLaterThan(BAR) + uses.acceptedLaterThan(BAR);
        long tooLate = watched.acceptedLaterThan(STALE_BAR) + uses.acceptedLaterThan(STALE_BAR);
        long unavailable = Stream.of(logins, refreshes)
                .flatMap(Collection::stream)
                .filter(answer -> answer.status() == 503)
                .count();
        return List.of(
                Finding.figure(length.disables() + " rounds; succeeded in the race: " + accepted(logins) + " of "
                        + logins.size()
                        + " logins, " + accepted(refreshes) + " of " + refreshes.size() + " refreshes; lag "
                        + watched.lags()),
                Finding.timely("503 in the race: " + unavailable, "0", unavailable == 0),
                Finding.timely(
                        "of " + (watched.count() + uses.count())
                                + " uses of access tokens, accepted later than 250 ms after the disable's" + " 200: "
                                + late,
                        "0",
                        late == 0),
                Finding.none("accepted uses later than 4 s", tooLate),
                Finding.none(
                        "of " + refreshesAfterDisable.size() + " refreshes after it, not 401",
                        others(refreshesAfterDisable, 401)),
                Finding.none(
                        "of " + loginsAfterDisable.size() + " logins after it, not 403",
                        others(loginsAfterDisable, 403)),
                Finding.none(
                        "of " + afterEnable.size() + " logins after enable and uses of their tokens, not 200",
                        others(afterEnable, 200)),
                Finding.none("logins in the race, neither 200, 403 nor 503", others(logins, 200, 403, 503)),
                Finding.none("refreshes in the race, neither 200, 401 nor 503", others(refreshes, 200, 401, 503)),
                Finding.none(
                        "uses neither accepted nor refused (5xx, no answer)",
                        Stream.of(watched, uses)
                                .flatMap(of -> of.undecided().stream())
                                .toList()));
    }

    private static List<Answer> together(int count, IntFunction<Answer> call) {
        try {
            return Concurrently.run(count, call);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long accepted(Collection<Answer> answers) {
        return answers.stream().filter(Answer::accepted).count();
    }

    private static List<Answer> others(Collection<Answer> answers, Integer... statuses) {
        return answers.stream()
                .filter(answer -> !List.of(statuses).contains(answer.status()))
                .toList();
    }

    /** A person with the clients of their requests, and an operator who disables and enables them. */
    private final class Person implements AutoCloseable {
        private final Fleet fleet;
        private final String path;
        private final String email;
        private final Request logIn;
        private final Random random;
        private final String key;
        private final List<Client> clients;
        private final List<Client> onEachNode;
        private final List<Client> operators;
        private final List<Session> before = new ArrayList<>();

        Person(Fleet fleet, Api.TestUser user, Random random) {
            this.fleet = fleet;
            this.random = random;
            path = "/admin/v1/users/" + user.id();
            email = user.email();
            logIn = Request.logIn(email, Api.PASSWORD);
            key = fleet.a().newKey(Scope.USERS_WRITE);
            List<Node> nodes = fleet.nodes();
            clients = IntStream.range(0, REQUESTS)
                    .mapToObj(i -> nodes.get(i % nodes.size()).client())
                    .toList();
            onEachNode = nodes.stream().map(Node::client).toList();
            operators = nodes.stream().map(Node::admin).toList();
        }

        void race() {
            List<Session> sessions = new ArrayList<>();
            onEachNode.forEach(node -> sessions.addAll(Session.begin(node, email, SESSIONS_OF_NODE)));
            CountDownLatch answered = new CountDownLatch(random.nextInt(REQUESTS / 2));
            Client operator = anyOperator();
            List<Session> used = List.copyOf(sessions.subList(REFRESHES, REFRESHES + onEachNode.size()));
            List<Answer> answers = together(REQUESTS + 1 + onEachNode.size(), i -> {
                if (i < REQUESTS) {
                    Answer answer = i < REFRESHES ? refresh(sessions.get(i), clients.get(i)) : logIn(i);
                    answered.countDown();
                    return answer;
                }
                return i == REQUESTS
                        ? disable(operator, answered)
                        : useUntilRefused(used.get(i - REQUESTS - 1), onEachNode.get(i - REQUESTS - 1));
            });
            refreshes.addAll(answers.subList(0, REFRESHES));
            logins.addAll(answers.subList(REFRESHES, REQUESTS));
            answers.subList(0, REQUESTS).stream()
                    .filter(Answer::accepted)
                    .map(answer -> Session.of(answer.expect(200)))
                    .forEach(sessions::add);
            Answer disabled = answers.get(REQUESTS);
            sessions.forEach(session -> session.endedBy(disabled));
            Loops.pauseUntil(disabled.done() + BAR.toNanos());
            useAll(sessions);
            enable();
            before.addAll(sessions);
        }

        private Answer logIn(int client) {
            return clients.get(client).send(logIn);
        }

        private static Answer refresh(Session session, Client client) {
            return client.send(Request.refresh(session.refreshToken()));
        }

        /** Disables the person as soon as this many of the person's requests have been answered. */
        private Answer disable(Client operator, CountDownLatch answered) {
            try {
                if (!answered.await(Client.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Logins and refreshes get no answer");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            return operate(operator, "/disable");
        }

        private Answer operate(Client operator, String change) {
            Request request = Request.post(path + change).as(key).with("Roster-Reason", "the fleet proof");
            Answer answer = Session.sendUntilAvailable(operator, request);
            answer.expect(200);
            return answer;
        }

        private Answer useUntilRefused(Session session, Client client) {
            long begun = System.nanoTime();
            Answer answer = watched.use(session, client);
            while (answer.accepted() && System.nanoTime() - begun < Client.PATIENCE.toNanos()) {
                Loops.pause(BREATH);
                answer = watched.use(session, client);
            }
            return answer;
        }

        /** Uses each access token on every node and each refresh token on one, and logs in on every node. */
        private void useAll(List<Session> sessions) {
            together(onEachNode.size(), node -> {
                Client client = onEachNode.get(node);
                sessions.forEach(session -> uses.use(session, client));
                IntStream.iterate(node, i -> i < sessions.size(), i -> i + onEachNode.size())
                        .forEach(i -> refreshesAfterDisable.add(refresh(sessions.get(i), client)));
                Answer login = client.send(logIn);
                loginsAfterDisable.add(login);
                return login;
            });
        }

        /** Enables the person, who then logs in on every node, and uses each new token on every node. */
        private void enable() {
            operate(anyOperator(), "/enable");
            for (Client client : onEachNode) {
                Answer login = client.send(logIn);
                afterEnable.add(login);
                if (login.accepted()) {
                    Request read = Request.me(Session.of(login.expect(200)).token());
                    onEachNode.forEach(other -> afterEnable.add(other.send(read)));
                }
            }
        }

        private Client anyOperator() {
            return operators.get(random.nextInt(operators.size()));
        }

        /** Uses the access tokens from before each disable once more, when the person is enabled. */
        void useAllAgain() {
            Loops.pause(STALE_BAR);
            uses.useAll(before, fleet.nodes());
        }

        @Override
        public void close() {
            Stream.of(clients, onEachNode, operators).flatMap(List::stream).forEach(Client::close);
        }
    }
}
