package dev.roster.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InFlightTest {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger works = new AtomicInteger();

    @Test
    void concurrentCallsWithOneKeyRunOnce() throws Exception {
        InFlight<String, Integer> inFlight = new InFlight<>(2, 2);
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> inFlight.run("client", "a", this::work));
        running.await();
        Thread follower = new Thread(() -> inFlight.run("client", "a", this::work));
        follower.start();
        while (follower.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        release.countDown();

        assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        follower.join();
        assertThat(works).hasValue(1);
        assertThat(inFlight.run("client", "a", this::work))
                .as("no result is kept")
                .isEqualTo(2);
    }

    /** R1: each waiting call blocks a thread. */
    @Test
    void refusesMoreThanTheMaximumOfCalls() throws Exception {
        InFlight<String, Integer> inFlight = new InFlight<>(1, 1);
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> inFlight.run("client", "a", this::work));
        running.await();

        assertThatThrownBy(() -> inFlight.run("client", "a", this::work))
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.refusal())
                        .isEqualTo(Refusal.UNAVAILABLE));

        release.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(inFlight.run("client", "a", this::work))
                .as("the place is free again")
                .isEqualTo(2);
    }

    @Test
    void oneClientCannotTakeAllPlaces() throws Exception {
        InFlight<String, Integer> inFlight = new InFlight<>(2, 1);
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> inFlight.run("one", "a", this::work));
        running.await();

        assertThatThrownBy(() -> inFlight.run("one", "a", this::work)).isInstanceOf(RefusedException.class);
        assertThat(inFlight.run("other", "b", () -> 7)).isEqualTo(7);

        release.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(inFlight.run("one", "a", this::work))
                .as("the place is free again")
                .isEqualTo(2);
    }

    private int work() throws InterruptedException {
        running.countDown();
        release.await();
        return works.incrementAndGet();
    }
}
