package dev.roster.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.fault.Link;
import dev.roster.support.process.ConsoleLog;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dispatchers with an outbox. */
class DispatcherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Parcels parcels = new Parcels();
    private final Counter outcomes =
            Counter.builder().name("outcomes").labelNames("kind", "outcome").build();
    private final List<Dispatcher> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(Dispatcher::close);
    }

    @Test
    void threeNodesDeliverEachRowOnce() {
        List<UUID> ids = parcels.write(300, "parcel", 0);
        Map<UUID, AtomicInteger> deliveries = new ConcurrentHashMap<>();
        for (int i = 0; i < 3; i++) {
            start(parcels.outbox(), row -> {
                deliveries.computeIfAbsent(row.id(), id -> new AtomicInteger()).incrementAndGet();
                return Outcome.sent();
            });
        }

        await("all are sent", "state = 'sent'", 300);

        assertThat(deliveries.keySet()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(deliveries.values()).extracting(AtomicInteger::get).containsOnly(1);
        assertThat(parcels.count("attempts = 1 AND lease_until IS NULL AND sent_at IS NOT NULL"))
                .isEqualTo(300);
        assertThat(counted("parcel", "sent")).isEqualTo(300);
    }

    /** As in ory/kratos#402, where eight bad rows at the head held up all others. */
    @Test
    void badRowsHoldUpNoOther() {
        parcels.write(20, "refused", 300);
        parcels.write(20, "broken", 200);
        parcels.write(5, "good", 100);
        start(parcels.outbox(), row -> switch (row.kind()) {
            case "refused" -> Outcome.putOff("smtp-451");
            case "broken" -> throw new IllegalArgumentException("secret");
            default -> Outcome.sent();
        });

        await("good ones are sent", "state = 'sent'", 5);

        await("bad ones wait", "state = 'due' AND attempts = 1 AND next_at > now() AND lease_until IS NULL", 40);
        assertThat(parcels.count("kind = 'refused' AND failure = 'smtp-451'")).isEqualTo(20);
        assertThat(parcels.count("kind = 'broken' AND failure = 'java.lang.IllegalArgumentException'"))
                .isEqualTo(20);
        assertThat(counted("refused", "put_off")).isEqualTo(20);
        assertThat(counted("broken", "put_off")).isEqualTo(20);
    }

    @Test
    void threeReceiversThatHangLeaveAThreadForTheOthers() {
        parcels.write(3, "hanging", 300);
        parcels.write(10, "good", 100);
        CountDownLatch answer = new CountDownLatch(1);
        start(parcels.outbox(), row -> {
            if (row.kind().equals("hanging")) {
                answer.await();
            }
            return Outcome.sent();
        });

        await("good ones are sent", "kind = 'good' AND state = 'sent'", 10);
        answer.countDown();
        await("all are sent", "state = 'sent'", 13);
    }

    @Test
    void everyOutcomeIsWrittenAndCounted() {
        parcels.write(1, "gone", 0);
        parcels.write(1, "wrong", 0);
        start(parcels.outbox(), row -> row.kind().equals("gone") ? Outcome.dropped() : Outcome.failed("smtp-550"));

        await("both have ended", "state <> 'due'", 2);

        assertThat(parcels.count("kind = 'gone' AND state = 'dropped' AND failure IS NULL"))
                .isOne();
        assertThat(parcels.count("kind = 'wrong' AND state = 'failed' AND failure = 'smtp-550'"))
                .isOne();
        Poll.until("counted", PATIENCE, () -> counted("gone", "dropped") == 1 && counted("wrong", "failed") == 1);
    }

    @Test
    void aClassOfFailuresIsLoggedOnceAMinute() {
        try (ConsoleLog log = new ConsoleLog()) {
            start(parcels.outbox(), row -> Outcome.putOff("smtp-421"));
            parcels.write(1, "parcel", 0);
            await("one is put off", "attempts = 1 AND lease_until IS NULL", 1);
            parcels.write(5, "parcel", 0);
            await("all are put off", "attempts = 1 AND lease_until IS NULL", 6);

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("The delivery of parcels failed: smtp-421"))
                    .hasSize(1);
        }
    }

    /** The receiver has the row, and must not get it again because the database did not answer. */
    @Test
    void anOutageOfTheDatabaseAfterADeliveryCausesNoSecondOne() {
        try (Link link = Link.to(parcels.database().url())) {
            AtomicInteger deliveries = new AtomicInteger();
            parcels.write(1, "parcel", 0);
            start(
                    new Outbox(
                            Jdbi.create(
                                    link.url(),
                                    parcels.database().user(),
                                    parcels.database().password()),
                            Parcels.TABLE),
                    row -> {
                        link.cut();
                        deliveries.incrementAndGet();
                        return Outcome.sent();
                    });
            Poll.until("it is delivered", PATIENCE, () -> deliveries.get() == 1);
            assertThat(parcels.count("state = 'due' AND lease_until > now()")).isOne();

            link.restore();

            await("it is marked", "state = 'sent' AND attempts = 1", 1);
            assertThat(deliveries).hasValue(1);
        }
    }

    @Test
    void aClosedDispatcherClaimsNothingAndWaitsForNoReceiver() {
        UUID hanging = parcels.write(1, "parcel", 300).get(0);
        Set<UUID> begun = ConcurrentHashMap.newKeySet();
        CountDownLatch answer = new CountDownLatch(1);
        Dispatcher dispatcher = start(parcels.outbox(), row -> {
            begun.add(row.id());
            answer.await();
            return Outcome.sent();
        });
        Poll.until("it has begun", PATIENCE, () -> begun.contains(hanging));

        dispatcher.close();

        parcels.write(1, "parcel", 0);
        answer.countDown();
        await("the delivery under way is marked", "state = 'sent'", 1);
        Poll.until("its threads have ended", PATIENCE, () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("parcels-")));
        assertThat(begun).containsExactly(hanging);
        assertThat(parcels.count("state = 'due' AND attempts = 0")).isOne();
    }

    private Dispatcher start(Outbox outbox, Slow delivery) {
        Dispatcher dispatcher = new Dispatcher("parcels", outbox, delivery::deliver, outcomes);
        running.add(dispatcher);
        dispatcher.start();
        return dispatcher;
    }

    private void await(String what, String condition, int count) {
        Poll.until(what, PATIENCE, () -> parcels.count(condition) == count);
    }

    private long counted(String kind, String outcome) {
        return outcomes.labelValues(kind, outcome).getLongValue();
    }

    /** A delivery that may wait. */
    @FunctionalInterface
    private interface Slow {
        Outcome begin(Claimed row) throws InterruptedException;

        default Outcome deliver(Claimed row) {
            try {
                return begin(row);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
