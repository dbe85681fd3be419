package dev.roster.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HashingPoolTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void returnsTheResultOfTheWork() {
        try (HashingPool pool = new HashingPool(2, SHORT, LONG)) {
            assertThat(pool.run("client", () -> "result")).isEqualTo("result");
            assertThat(pool.run("client", () -> Thread.currentThread().getName()))
                    .isEqualTo("hashing");
        }
    }

    @Test
    void throwsTheExceptionOfTheWork() {
        RefusedException refused = new RefusedException(Refusal.FORBIDDEN, "No.");
        IOException checked = new IOException();
        try (HashingPool pool = new HashingPool(1, SHORT, LONG)) {
            assertThatThrownBy(() -> pool.run("client", () -> {
                        throw refused;
                    }))
                    .isSameAs(refused);
            assertThatThrownBy(() -> pool.run("client", () -> {
                        throw checked;
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(checked);
            assertThat(pool.run("client", () -> 1)).isEqualTo(1);
        }
    }

    /** R1 */
    @Test
    void refusesAtOnceIfTheWaitWouldBeTooLong() throws Exception {
        try (HashingPool pool = new HashingPool(1, LONG.plus(LONG), LONG)) {
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> pool.run("client", this::occupy));
            running.await();
            CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> pool.run("client", () -> 2));
            awaitWaiting(pool, 1);

            expectBusy(() -> pool.run("client", () -> 3));

            release.countDown();
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    /** R1 */
    @Test
    void estimatesTheWaitFromRecentDurations() throws Exception {
        try (HashingPool pool = new HashingPool(1, LONG.plus(LONG), LONG)) {
            for (int i = 0; i < 100; i++) {
                pool.run("client", () -> 1);
            }
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> pool.run("client", this::occupy));
            running.await();
            CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> pool.run("client", () -> 2));
            awaitWaiting(pool, 1);
            CompletableFuture<Integer> third = CompletableFuture.supplyAsync(() -> pool.run("client", () -> 3));
            awaitWaiting(pool, 2);

            release.countDown();

            assertThat(first.get(30, TimeUnit.SECONDS) + second.get(30, TimeUnit.SECONDS))
                    .isEqualTo(3);
            assertThat(third.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    /** R1 */
    @Test
    void busiestClientLosesItsNewestPlaceToAnother() throws Exception {
        try (HashingPool pool = new HashingPool(1, LONG.dividedBy(3), LONG)) {
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> pool.run("many", this::occupy));
            running.await();
            CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> pool.run("many", () -> 2));
            awaitWaiting(pool, 1);
            CompletableFuture<Integer> third = CompletableFuture.supplyAsync(() -> pool.run("many", () -> 3));
            awaitWaiting(pool, 2);
            CompletableFuture<Integer> last = CompletableFuture.supplyAsync(() -> pool.run("many", () -> 4));
            awaitWaiting(pool, 3);
            expectBusy(() -> pool.run("many", () -> 5));

            CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> pool.run("few", () -> 6));

            assertThatThrownBy(() -> last.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(RefusedException.class);
            release.countDown();
            assertThat(List.of(first.get(), second.get(), third.get(), other.get()))
                    .containsExactly(1, 2, 3, 6);
        }
    }

    /** R1 */
    @Test
    void refusesCallersWhoWaitedTooLongInTheQueue() throws Exception {
        AtomicInteger done = new AtomicInteger();
        try (HashingPool pool = new HashingPool(1, SHORT, Duration.ofMillis(20))) {
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> pool.run("client", this::occupy));
            running.await();

            for (int i = 0; i < 10; i++) { // each leaves the queue
                expectBusy(() -> pool.run("client", done::incrementAndGet));
                assertThat(pool.waiting()).isZero();
            }

            release.countDown();
            assertThat(first.get(30, TimeUnit.SECONDS))
                    .as("running work is waited for")
                    .isEqualTo(1);
        }
        assertThat(done).hasValue(0);
    }

    @Test
    void closedPoolRefusesWork() {
        HashingPool pool = new HashingPool(1, SHORT, LONG);
        pool.close();

        expectBusy(() -> pool.run("client", () -> 1));
    }

    private int occupy() throws InterruptedException {
        running.countDown();
        release.await();
        return 1;
    }

    private static void expectBusy(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.refusal())
                .isEqualTo(Refusal.UNAVAILABLE));
    }

    private static void awaitWaiting(HashingPool pool, int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (pool.waiting() < count) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
