package dev.roster.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FairPoolTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void returnsTheResultOfTheWork() throws Exception {
        try (FairPool pool = new FairPool("a-name", 2, SHORT, LONG)) {
            assertThat(get(pool.run("client", () -> "result"))).isEqualTo("result");
            assertThat(get(pool.run("client", () -> Thread.currentThread().getName())))
                    .isEqualTo("a-name");
        }
    }

    /** R2: a thread of low priority that took a lock or completed a result would make others wait for it. */
    @Test
    void onlyTheWorkRunsAtLowPriority() throws Exception {
        List<Integer> priorities = new ArrayList<>();
        try (FairPool pool = FairPool.ofLowPriority("hashing", 1, SHORT, LONG)) {
            CompletableFuture<Integer> first = pool.run("client", this::occupy);
            running.await();
            CompletableFuture<Integer> second = pool.run("client", () -> priorities.add(priority()), () -> priority());
            CompletableFuture<Integer> after = second.thenApply(work -> priority());
            release.countDown();

            assertThat(get(first)).isEqualTo(1);
            assertThat(get(second)).as("the work").isEqualTo(Thread.MIN_PRIORITY);
            assertThat(priorities).as("its check").containsExactly(Thread.NORM_PRIORITY);
            assertThat(get(after)).as("what follows").isEqualTo(Thread.NORM_PRIORITY);
        }
    }

    @Test
    void failsWithTheExceptionOfTheWork() throws Exception {
        RefusedException refused = new RefusedException(Refusal.FORBIDDEN, "No.");
        IOException checked = new IOException();
        AssertionError error = new AssertionError();
        try (FairPool pool = new FairPool("pool", 1, SHORT, LONG)) {
            for (Throwable thrown : List.of(refused, checked, error)) {
                assertThatThrownBy(() -> get(pool.run("client", () -> fail(thrown))))
                        .hasCause(thrown);
            }
            assertThat(get(pool.run("client", () -> 1))).isEqualTo(1);
        }
    }

    @Test
    void workIsSkippedIfItsCheckFails() throws Exception {
        AtomicInteger done = new AtomicInteger();
        RefusedException refused = new RefusedException(Refusal.FORBIDDEN, "No.");
        try (FairPool pool = FairPool.ofLowPriority("hashing", 1, SHORT, LONG)) {
            CompletableFuture<Integer> first = pool.run("client", this::occupy);
            running.await();
            CompletableFuture<Integer> second = pool.run("client", () -> raise(refused), done::incrementAndGet);
            CompletableFuture<Integer> third = pool.run("client", () -> raise(refused), done::incrementAndGet);
            CompletableFuture<Integer> last = pool.run("client", () -> 4);
            assertThat(second).isNotDone();
            release.countDown();

            assertThat(get(first)).isEqualTo(1);
            assertThatThrownBy(() -> get(second)).hasCause(refused);
            assertThatThrownBy(() -> get(third)).hasCause(refused);
            assertThat(get(last)).isEqualTo(4);
            assertThat(done).hasValue(0);
            assertThat(pool.busy()).isZero();
        }
    }

    @Test
    void workWhoseCheckFailsWithAnErrorLeavesItsPlace() throws Exception {
        try (FairPool pool = new FairPool("pool", 1, SHORT, LONG)) {
            CompletableFuture<Integer> failed = pool.run("client", () -> raise(new AssertionError()), () -> 1);

            assertThatThrownBy(() -> get(failed)).hasCauseInstanceOf(AssertionError.class);
            assertThat(pool.busy()).isZero();
            assertThat(get(pool.run("client", () -> 2))).isEqualTo(2);
        }
    }

    @Test
    void workForWhichNoThreadCanStartLeavesItsPlace() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        ThreadFactory onceExhausted = task -> {
            if (starts.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(task);
        };
        var threads = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), onceExhausted);
        try (FairPool pool = new FairPool(threads, SHORT, LONG)) {
            CompletableFuture<Integer> failed = pool.run("client", () -> 1);

            assertThatThrownBy(() -> get(failed)).hasCauseInstanceOf(OutOfMemoryError.class);
            assertThat(pool.busy()).isZero();
            assertThat(get(pool.run("client", () -> 2))).isEqualTo(2);
        }
    }

    /** R1 */
    @Test
    void nextWorkOfARequestIsServedBeforeNewWorkAndKeepsItsPlace() throws Exception {
        List<String> order = new ArrayList<>(); // one thread writes to it
        try (FairPool pool = new FairPool("pool", 1, LONG, LONG)) {
            CompletableFuture<Integer> first = pool.run("many", this::occupy);
            CompletableFuture<Boolean> waiting = pool.run("few", () -> order.add("new"));
            expectRefused(pool.run("many", () -> 3));

            CompletableFuture<Boolean> next = pool.runNext("many", () -> order.add("next"));
            CompletableFuture<Boolean> nextButOne = pool.runNext("many", () -> order.add("next but one"));
            expectRefused(pool.run("few", () -> 4));
            assertThat(pool.waiting()).isEqualTo(3);

            release.countDown();
            assertThat(get(first)).isEqualTo(1);
            assertThat(List.of(get(next), get(nextButOne), get(waiting))).containsOnly(true);
            assertThat(order).containsExactly("next", "next but one", "new");
        }
    }

    /** R1 */
    @Test
    void refusesAtOnceIfTheWaitWouldBeTooLong() throws Exception {
        try (FairPool pool = new FairPool("pool", 1, LONG.plus(LONG), LONG)) {
            CompletableFuture<Integer> first = pool.run("client", this::occupy);
            CompletableFuture<Integer> second = pool.run("client", () -> 2);
            assertThat(pool.waiting()).isEqualTo(1);

            expectRefused(pool.run("client", () -> 3));

            release.countDown();
            assertThat(get(first)).isEqualTo(1);
            assertThat(get(second)).isEqualTo(2);
        }
    }

    /** R1 */
    @Test
    void estimatesTheWaitFromRecentDurations() throws Exception {
        try (FairPool pool = new FairPool("pool", 1, LONG.plus(LONG), LONG)) {
            for (int i = 0; i < 100; i++) {
                assertThat(get(pool.run("client", () -> 1))).isEqualTo(1);
            }
            CompletableFuture<Integer> first = pool.run("client", this::occupy);
            CompletableFuture<Integer> second = pool.run("client", () -> 2);
            CompletableFuture<Integer> third = pool.run("client", () -> 3);

            release.countDown();

            assertThat(get(first) + get(second)).isEqualTo(3);
            assertThat(get(third)).isEqualTo(3);
        }
    }

    /** R1 */
    @Test
    void busiestClientLosesItsNewestPlaceToAnother() throws Exception {
        try (FairPool pool = new FairPool("pool", 1, LONG.dividedBy(3), LONG)) {
            CompletableFuture<Integer> first = pool.run("many", this::occupy);
            CompletableFuture<Integer> second = pool.run("many", () -> 2);
            CompletableFuture<Integer> third = pool.run("many", () -> 3);
            CompletableFuture<Integer> last = pool.run("many", () -> 4);
            expectRefused(pool.run("many", () -> 5));

            CompletableFuture<Integer> other = pool.run("few", () -> 6);

            expectRefused(last);
            release.countDown();
            assertThat(List.of(get(first), get(second), get(third), get(other))).containsExactly(1, 2, 3, 6);
        }
    }

    /** R1 */
    @Test
    void clientsTakeTurns() throws Exception {
        List<String> order = new ArrayList<>(); // one thread writes to it
        try (FairPool pool = new FairPool("pool", 1, SHORT, LONG)) {
            CompletableFuture<Integer> first = pool.run("many", this::occupy);
            Function<String, CompletableFuture<Boolean>> work = name -> pool.run(name, () -> order.add(name));
            List<CompletableFuture<Boolean>> all = new ArrayList<>(
                    IntStream.range(0, 5).mapToObj(i -> work.apply("many")).toList());
            all.add(work.apply("few"));
            all.add(work.apply("one"));
            all.add(work.apply("few"));
            release.countDown();

            assertThat(get(first)).isEqualTo(1);
            for (CompletableFuture<Boolean> each : all) {
                assertThat(get(each)).isTrue();
            }
            assertThat(order).containsExactly("many", "few", "one", "many", "few", "many", "many", "many");
        }
    }

    /** R1 */
    @Test
    void refusesWorkThatWaitedTooLongInTheQueue() throws Exception {
        AtomicInteger done = new AtomicInteger();
        try (FairPool pool = new FairPool("pool", 1, SHORT, Duration.ofMillis(20))) {
            CompletableFuture<Integer> first = pool.run("client", this::occupy);

            for (int i = 0; i < 10; i++) { // each leaves the queue
                expectRefused(pool.run("client", done::incrementAndGet));
                expectRefused(pool.runNext("client", done::incrementAndGet));
                assertThat(pool.waiting()).isZero();
            }

            release.countDown();
            assertThat(get(first)).as("running work is waited for").isEqualTo(1);
        }
        assertThat(done).hasValue(0);
    }

    @Test
    void closedPoolRefusesNewWorkAndFinishesTheOther() throws Exception {
        for (FairPool pool :
                List.of(new FairPool("pool", 1, SHORT, LONG), FairPool.ofLowPriority("hashing", 1, SHORT, LONG))) {
            CompletableFuture<Integer> running = pool.run("client", this::occupy);
            CompletableFuture<Integer> waiting = pool.run("client", () -> 2);

            pool.close();

            expectRefused(pool.run("client", () -> 3));
            expectRefused(pool.runNext("client", () -> 4));
            release.countDown();
            assertThat(get(running)).isEqualTo(1);
            assertThat(get(waiting)).isEqualTo(2);
        }
    }

    private int occupy() throws InterruptedException {
        running.countDown();
        release.await();
        return 1;
    }

    private static int priority() {
        return Thread.currentThread().getPriority();
    }

    private static int fail(Throwable thrown) throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    private static void raise(RefusedException refused) {
        throw refused;
    }

    private static void raise(Error error) {
        throw error;
    }

    private static <T> T get(CompletableFuture<T> result) throws Exception {
        return result.get(30, TimeUnit.SECONDS);
    }

    private static void expectRefused(CompletableFuture<?> result) {
        Callable<?> answer = () -> get(result);
        assertThatThrownBy(answer::call).cause().isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(
                        refused.refusal())
                .isEqualTo(Refusal.UNAVAILABLE));
    }
}
