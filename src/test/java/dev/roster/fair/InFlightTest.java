package dev.roster.fair;

import static java.util.stream.Collectors.partitioningBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final int MANY = 2_000;

    private final InFlight<String, Integer> inFlight = new InFlight<>();
    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private final AtomicInteger works = new AtomicInteger();

    @Test
    void concurrentCallsWithOneKeyRunOnce() {
        CompletableFuture<Integer> first = inFlight.run("client", "a", this::work);
        CompletableFuture<Integer> second = inFlight.run("client", "a", this::work);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();

        result.complete(7);

        assertThat(first).isCompletedWithValue(7);
        assertThat(second).isCompletedWithValue(7);
        assertThat(works).hasValue(1);
        assertThat(inFlight.waiting()).isZero();
    }

    @Test
    void noResultIsKept() {
        result.complete(7);

        assertThat(inFlight.run("client", "a", this::work)).isCompletedWithValue(7);
        assertThat(inFlight.run("client", "a", this::work)).isCompletedWithValue(7);
        assertThat(works).hasValue(2);
    }

    @Test
    void callsThatWaitGetTheExceptionAndLaterOnesRunAnew() {
        CompletableFuture<Integer> first = inFlight.run("client", "a", this::work);
        CompletableFuture<Integer> second = inFlight.run("client", "a", this::work);
        IllegalStateException failure = new IllegalStateException();

        result.completeExceptionally(failure);

        for (CompletableFuture<Integer> call : List.of(first, second)) {
            assertThatThrownBy(call::get).hasCause(failure);
        }
        assertThat(inFlight.run("client", "a", () -> CompletableFuture.completedFuture(8)))
                .isCompletedWithValue(8);
    }

    @Test
    void keyIsFreeAgainIfTheWorkDoesNotStart() {
        for (Throwable thrown : List.of(new RefusedException(Refusal.FORBIDDEN, "No."), new AssertionError())) {
            assertThatThrownBy(() ->
                            inFlight.run("client", "a", () -> fail(thrown)).get())
                    .hasCause(thrown);
        }
        assertThat(inFlight.run("client", "a", () -> CompletableFuture.completedFuture(8)))
                .isCompletedWithValue(8);
    }

    /** R1 */
    @Test
    void clientWithTheMostWaitingCallsGivesUpFirst() {
        CompletableFuture<Integer> first = inFlight.run("many", "a", this::work);
        List<CompletableFuture<Integer>> many = Stream.generate(() -> inFlight.run("many", "a", this::work))
                .limit(MANY)
                .toList();
        CompletableFuture<Integer> other = inFlight.run("few", "b", this::work);
        List<CompletableFuture<Integer>> few = Stream.generate(() -> inFlight.run("few", "b", this::work))
                .limit(50)
                .toList();

        Map<Boolean, List<CompletableFuture<Integer>>> byRefusal =
                many.stream().collect(partitioningBy(CompletableFuture::isDone));
        assertThat(byRefusal.get(true)).hasSizeBetween(50, MANY - 50).allSatisfy(InFlightTest::expectRefused);
        result.complete(7);

        assertThat(first).isCompletedWithValue(7);
        assertThat(other).isCompletedWithValue(7);
        assertThat(few).allSatisfy(call -> assertThat(call).isCompletedWithValue(7));
        assertThat(byRefusal.get(false)).allSatisfy(call -> assertThat(call).isCompletedWithValue(7));
        assertThat(works).hasValue(2);
        assertThat(inFlight.waiting()).isZero();
    }

    /** R1 */
    @Test
    void refusedCallsDoNotWaitForTheResult() {
        CompletableFuture<Integer> first = inFlight.run("many", "a", this::work);
        List<CompletableFuture<Integer>> many = Stream.generate(() -> inFlight.run("many", "a", this::work))
                .limit(MANY)
                .toList();

        assertThat(first.getNumberOfDependents()).isEqualTo(inFlight.waiting()).isEqualTo((int)
                many.stream().filter(call -> !call.isDone()).count());
        result.complete(7);
    }

    private CompletableFuture<Integer> work() {
        works.incrementAndGet();
        return result;
    }

    private static CompletableFuture<Integer> fail(Throwable thrown) throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    private static void expectRefused(CompletableFuture<Integer> call) {
        Callable<Integer> answer = call::get;
        assertThatThrownBy(answer::call).cause().isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(
                        refused.refusal())
                .isEqualTo(Refusal.UNAVAILABLE));
    }
}
