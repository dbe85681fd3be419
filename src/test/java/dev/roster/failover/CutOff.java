package dev.roster.failover;

import dev.roster.fleet.Answer;
import dev.roster.fleet.Client;
import dev.roster.fleet.Finding;
import dev.roster.fleet.Loops;
import dev.roster.fleet.Request;
import dev.roster.fleet.Session;
import dev.roster.fleet.Uses;
import dev.roster.support.Poll;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * B is alone with the old primary on one side of a partition. The old one goes on, because its Patroni hangs. B proves
 * by commits that its database is the primary.
 */
final class CutOff implements Experiment {
    private static final int SESSIONS = 10;
    private static final Duration BAR = Duration.ofSeconds(1);
    private static final Duration RECOVERY_BAR = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration BREATH = Duration.ofMillis(5);

    private final Uses uses = new Uses();
    private final Traffic.Findings findings = new Traffic.Findings();

    @Override
    public String title() {
        return "B cut off together with the old primary, FEED_PROOF=commit";
    }

    @Override
    public List<Finding> run(Installation installation, Length length) throws Exception {
        installation.heal(Mode.SYNCHRONOUS);
        Node a = installation.a();
        Node b = installation.b();
        Member old = installation.cluster().primary();
        Api.TestUser person = a.api().newUser();
        Traffic traffic = new Traffic(List.of(a, installation.c()));
        List<Session> sessions;
        long cut;
        try (traffic;
                Client onA = a.client();
                Loops readers = new Loops()) {
            sessions = Stream.generate(() -> logIn(onA, person)).limit(SESSIONS).toList();
            for (Session session : sessions) {
                Client onB = b.client(); // never closed, as it may hang
                readers.repeat(BREATH, () -> uses.use(session, onB));
            }
            Loops.pause(length.load());
            cut = System.nanoTime();
            partition(installation, old);
            installation.cluster().awaitPrimaryOtherThan(old);
            traffic.awaitWrites(Duration.ZERO);
            sessions.subList(0, SESSIONS / 2).forEach(session -> logOut(onA, session));
            Loops.pause(BAR.plus(length.load()));
        }
        Duration trusted =
                Duration.ofNanos(Math.max(0, uses.lastAccepted(b.name(), cut).orElse(cut) - cut));
        long late = uses.acceptedLaterThan(BAR);
        List<Answer> faults = uses.undecided().stream()
                .filter(answer -> answer.status() != 503)
                .toList();
        findings.add(traffic);

        long healed = System.nanoTime();
        installation.heal();
        try (Client onB = b.client()) {
            Session alive = sessions.get(SESSIONS - 1);
            Poll.until("B serves again", PATIENCE, () -> onB.send(Request.me(alive.token()))
                    .accepted());
        }
        Duration recovery = Duration.ofNanos(System.nanoTime() - healed);
        List<Finding> all = new ArrayList<>();
        all.add(Finding.within(uses.count() + " uses on B; the last accepted one, after the cut", trusted, BAR));
        all.add(Finding.none("accepted later than 1 s after the logout on A", late));
        all.add(Finding.none("answers of B other than success and 503, or none", faults));
        all.addAll(findings.synchronous());
        all.add(Finding.within("B serves again by itself after the partition", recovery, RECOVERY_BAR));
        return all;
    }

    /** Parts the old primary and B from everybody else, and suspends the old one's Patroni. */
    private static void partition(Installation installation, Member old) {
        old.freezePatroni();
        old.isolate();
        installation.a().lose(old);
        installation.cluster().proxy().lose(old);
        installation.cluster().without(old).forEach(installation.b()::lose);
    }

    private static Session logIn(Client client, Api.TestUser person) {
        return Session.of(Session.sendUntilAvailable(client, Request.logIn(person.email(), Api.PASSWORD))
                .expect(200));
    }

    private static void logOut(Client client, Session session) {
        Answer answer = Session.sendUntilAvailable(client, Request.logOut(session.token()));
        answer.expect(204);
        session.endedBy(answer);
    }
}
