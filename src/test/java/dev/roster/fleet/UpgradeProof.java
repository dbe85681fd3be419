package dev.roster.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Ports;
import dev.roster.support.process.RosterProcess;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two nodes of an earlier version are upgraded one by one, while users are active. Its name keeps it out of {@code mvn
 * verify}: {@code mvn verify -Pupgrade} runs it, if the clone has the earlier commit.
 */
class UpgradeProof {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final int RESIDENTS = 4;
    private static final int ROUNDS = 3;
    private static final int MIGRATIONS = 20;
    private static final int TERMINATED = 128 + 15;

    @Test
    void nodesAreReplacedOneByOneUnderLoad() throws Exception {
        EarlierVersion earlier = EarlierVersion.build();
        TestDatabase database = TestDatabase.empty();
        earlier.migrate(database);
        try (UpgradedNode a = new UpgradedNode(database, earlier);
                UpgradedNode b = new UpgradedNode(database, earlier)) {
            List<Resident> residents = Stream.generate(() -> new Resident(List.of(a.address(), b.address())))
                    .limit(RESIDENTS)
                    .toList();
            Visitor visitor = new Visitor(a);
            String revokedBefore = visitor.newToken(a);
            String stays = visitor.newToken(b);
            visitor.logOut(b, revokedBefore);

            try (Loops loops = new Loops()) {
                residents.forEach(resident -> loops.repeat(BREATH, resident::live));
                awaitRounds(residents);

                migrate(database);
                awaitRounds(residents); // two earlier nodes on the new schema
                visitor.expectAccepted(List.of(a, b), stays);

                a.upgrade();
                awaitRounds(residents); // a new node beside an earlier one
                visitor.expectRefused(a, revokedBefore);
                visitor.expectAccepted(List.of(a, b), stays);
                visitor.expectRevocationToArrive(a, b);
                visitor.expectRevocationToArrive(b, a);

                b.upgrade();
                awaitRounds(residents);
            }

            residents.forEach(Resident::expectAsAcknowledged);
            assertThat(residents.stream().flatMap(resident -> resident.faults().stream()))
                    .isEmpty();
            for (UpgradedNode node : List.of(a, b)) {
                visitor.expectRefused(node, revokedBefore);
            }
            visitor.expectAccepted(List.of(a, b), stays);
        }
        Outcome audit = CommandLine.run(database.variables(Map.of()), "audit-verify", "config.yml");
        assertThat(audit.failed()).as(audit.output() + audit.errors()).isFalse();
    }

    /** A migration gives up if it does not get a lock in 500 ms, so that requests do not wait behind it. */
    private static void migrate(TestDatabase database) {
        for (int i = 1; ; i++) {
            try (RosterProcess migration =
                    RosterProcess.start(database.variables(Map.of()), "db", "migrate", "config.yml")) {
                if (migration.exitCode() == 0) {
                    return;
                }
                if (i == MIGRATIONS) {
                    throw new AssertionError("The new version does not migrate: " + migration);
                }
            }
        }
    }

    private static void awaitRounds(List<Resident> residents) {
        List<Integer> before = residents.stream().map(Resident::rounds).toList();
        Poll.until("everybody has done everything", PATIENCE, () -> {
            for (int i = 0; i < residents.size(); i++) {
                if (residents.get(i).rounds() < before.get(i) + ROUNDS) {
                    return false;
                }
            }
            return true;
        });
    }

    /** One node. Keeps its ports. */
    private static final class UpgradedNode implements AutoCloseable {
        private final Map<String, String> variables;
        private final URI address;
        private RosterProcess process;

        UpgradedNode(TestDatabase database, EarlierVersion earlier) {
            int port = Ports.free();
            address = URI.create("http://127.0.0.1:" + port);
            variables = database.variables(Map.of(
                    "API_HOST", "127.0.0.1",
                    "API_PORT", Integer.toString(port),
                    "ADMIN_PORT", Integer.toString(Ports.free()),
                    "REFRESH_GRACE", "5m", // a client may retry on a slow machine
                    "SHUTDOWN_DELAY", "1s"));
            process = earlier.start(variables, "server", "config.yml");
            process.awaitReady();
        }

        URI address() {
            return address;
        }

        /** Stops the earlier version, as an orchestrator does, and starts the new one. */
        void upgrade() {
            process.signal("TERM");
            assertThat(process.exitCode()).as(process.toString()).isEqualTo(TERMINATED);
            process.close();
            process = RosterProcess.serve(variables);
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** A user whose requests all have to succeed on the node to which they are sent. */
    private static final class Visitor {
        private final String email = Api.newEmail();

        Visitor(UpgradedNode node) {
            send(node, Request.post("/api/v1/auth/register", Api.newBody(email)))
                    .expect(201);
        }

        String newToken(UpgradedNode node) {
            return send(node, Request.logIn(email, Api.PASSWORD))
                    .expect(200)
                    .body()
                    .path("access_token")
                    .asText();
        }

        void logOut(UpgradedNode node, String token) {
            send(node, Request.logOut(token)).expect(204);
        }

        void expectAccepted(List<UpgradedNode> nodes, String token) {
            nodes.forEach(node -> send(node, Request.me(token)).expect(200));
        }

        void expectRefused(UpgradedNode node, String token) {
            send(node, Request.me(token)).expect(401);
        }

        /** A token of each node, revoked on one node, is refused on the other. */
        void expectRevocationToArrive(UpgradedNode from, UpgradedNode to) {
            for (String token : List.of(newToken(from), newToken(to))) {
                expectAccepted(List.of(from, to), token);
                logOut(from, token);
                expectRefused(from, token);
                Poll.until(
                        "the token is refused",
                        PATIENCE,
                        () -> send(to, Request.me(token)).status() == 401);
            }
        }

        private static Answer send(UpgradedNode node, Request request) {
            try (Client client = new Client("", node.address())) {
                Answer answer = client.send(request);
                for (int i = 0; answer.status() == 503 && i < MIGRATIONS; i++) {
                    answer = client.send(request);
                }
                return answer;
            }
        }
    }
}
