package dev.roster.fleet;

import dev.roster.support.Concurrently;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sessions are logged out on A, while B and C are read with their tokens as fast as possible. */
final class LogoutLag implements Experiment {
    private static final int LANES = 4;
    private static final Duration BAR = Duration.ofMillis(250);
    private static final Duration STALE_BAR = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** How long a token is used after its end. Longer than the bar, to see tokens that are accepted again. */
    private static final Duration WINDOW = Duration.ofMillis(300);

    /** The pause between two uses of a refused token. */
    private static final Duration BREATH = Duration.ofMillis(10);

    private final Uses uses = new Uses();

    @Override
    public String title() {
        return "logouts on A, under a steady load of reads with those tokens on B and C";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) throws Exception {
        List<Api.TestUser> people = fleet.newPeople(LANES);
        long begun = System.nanoTime();
        List<Session> ended =
                Concurrently.run(LANES, PATIENCE, lane -> logOutEach(length.logouts() / LANES, people.get(lane), fleet))
                        .stream()
                        .flatMap(List::stream)
                        .toList();
        double seconds = (System.nanoTime() - begun) / 1e9;
        Uses afterwards = new Uses();
        afterwards.useAll(ended, fleet.nodes());
        long late = uses.acceptedLaterThan(BAR) + afterwards.acceptedLaterThan(BAR);
        long tooLate = uses.acceptedLaterThan(STALE_BAR) + afterwards.acceptedLaterThan(STALE_BAR);
        return List.of(
                Finding.figure(ended.size() + " logouts, " + Math.round(uses.count() / seconds) + " uses/s; lag "
                        + uses.lags()),
                Finding.timely("accepted uses later than 250 ms after logout's 204: " + late, "0", late == 0),
                Finding.none("accepted uses later than 4 s", tooLate),
                Finding.none("uses neither accepted nor refused (5xx, no answer)", uses.undecided()));
    }

    private List<Session> logOutEach(int count, Api.TestUser person, Fleet fleet) {
        List<Session> ended = new ArrayList<>();
        try (Client a = fleet.a().client();
                Client b = fleet.b().client();
                Client c = fleet.c().client()) {
            for (int i = 0; i < count; i++) {
                Session session = Session.begin(a, person.email());
                CountDownLatch used = new CountDownLatch(2);
                try (Loops readers = new Loops()) {
                    readers.repeat(() -> read(session, b, used));
                    readers.repeat(() -> read(session, c, used));
                    awaitUsed(used);
                    session.end(a);
                    ended.add(session);
                    Loops.pause(WINDOW);
                }
            }
        }
        return ended;
    }

    private void read(Session session, Client client, CountDownLatch used) {
        if (uses.use(session, client).accepted()) {
            used.countDown();
        } else {
            Loops.pause(BREATH);
        }
    }

    private static void awaitUsed(CountDownLatch used) {
        try {
            if (!used.await(Client.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("A new token is not accepted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
