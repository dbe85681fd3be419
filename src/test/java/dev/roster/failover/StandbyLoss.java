package dev.roster.failover;

import dev.roster.fleet.Answer;
import dev.roster.fleet.Client;
import dev.roster.fleet.Finding;
import dev.roster.fleet.Loops;
import dev.roster.fleet.Request;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The synchronous standby is killed, then the other one. Then {@code synchronous_mode_strict} lets writes wait. */
final class StandbyLoss implements Experiment {
    /** Patroni's {@code loop_wait}, and 1 s. */
    private static final Duration BAR = Duration.ofSeconds(3);

    private static final Duration RECOVERY_BAR = Duration.ofSeconds(20);
    private static final Duration STRICT = Duration.ofSeconds(4);
    private static final int TRIES = 5;

    @Override
    public String title() {
        return "synchronous standby killed";
    }

    @Override
    public List<Finding> run(Installation installation, Length length) throws Exception {
        installation.heal(Mode.SYNCHRONOUS);
        Cluster cluster = installation.cluster();
        Node reader = installation.c();
        Api.TestUser person = reader.api().newUser();
        Member first = cluster.synchronousStandby();
        Member second = cluster.without(first).stream()
                .filter(member -> member != cluster.primary())
                .findFirst()
                .orElseThrow();
        Traffic.Findings findings = new Traffic.Findings();
        List<Finding> all = new ArrayList<>();
        Traffic traffic = new Traffic(installation.nodes());
        try (traffic) {
            traffic.awaitWrites(length.load());
            all.add(Finding.within(
                    "not strict; longest time without a write on a node", waited(traffic, first, length), BAR));
            all.add(Finding.within("the same for the other standby", waited(traffic, second, length), BAR));

            cluster.set(Mode.STRICT.settings());
            Loops.pause(STRICT);
            all.add(strict(reader, person));
            all.add(Finding.figure("reads on A, which proves by commits, with 503: "
                    + unavailable(answers(installation.a(), read(person))) + " of " + TRIES));
            first.start();
            second.start();
            long back = System.nanoTime();
            traffic.awaitWrites(length.load());
            all.add(Finding.within(
                    "standbys back; writes again on all nodes after",
                    traffic.history().recovery(back),
                    RECOVERY_BAR));
        }
        findings.add(traffic);
        all.addAll(findings.synchronous());
        return all;
    }

    private static Duration waited(Traffic traffic, Member killed, Length length) {
        long begun = System.nanoTime();
        killed.kill();
        traffic.awaitWrites(Duration.ofSeconds(2));
        traffic.awaitWrites(length.load());
        return traffic.history().longestPause(begun);
    }

    private static Finding strict(Node node, Api.TestUser person) {
        Request write = Request.put("/api/v1" + person.path(), Map.of("name", "Someone Else"));
        long refused = unavailable(answers(node, write.as(person.token())));
        long read =
                answers(node, read(person)).stream().filter(Answer::accepted).count();
        return Finding.right(
                "strict: writes with 503: " + refused + " of " + TRIES + ", reads with 200 on C: " + read + " of "
                        + TRIES,
                "all",
                refused == TRIES && read == TRIES);
    }

    private static Request read(Api.TestUser person) {
        return Request.me(person.token());
    }

    private static List<Answer> answers(Node node, Request request) {
        try (Client client = node.client()) {
            return Stream.generate(() -> client.send(request)).limit(TRIES).toList();
        }
    }

    private static long unavailable(List<Answer> answers) {
        return answers.stream().filter(answer -> answer.status() == 503).count();
    }
}
