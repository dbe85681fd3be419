package dev.roster.fair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>();

    @Test
    void clientsTakeTurnsInTheOrderOfTheirFirstItems() {
        List.of("a1", "a2", "a3", "b1", "c1", "c2").forEach(item -> add(item, 10));

        assertThat(all()).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
    }

    @Test
    void clientThatComesBackWaitsForTheOthers() {
        List.of("a1", "b1", "c1").forEach(item -> add(item, 10));

        assertThat(queue.poll()).isEqualTo("a1");
        add("a2", 10);

        assertThat(all()).containsExactly("b1", "c1", "a2");
    }

    @Test
    void busiestClientLosesItsNewestItem() {
        List.of("a1", "a2", "b1", "b2", "b3").forEach(item -> add(item, 5));

        assertThat(add("c1", 5)).isEqualTo("b3");
        assertThat(add("c2", 5)).as("no client has two more than this one").isEqualTo("c2");
        assertThat(add("b4", 5)).isEqualTo("b4");
        assertThat(add("d1", 5)).isIn("a2", "b2");
        assertThat(queue.size()).isEqualTo(5);
    }

    @Test
    void newItemIsRefusedIfAllClientsHaveOne() {
        add("a1", 2);
        add("b1", 2);

        assertThat(add("c1", 2)).isEqualTo("c1");
        assertThat(all()).containsExactly("a1", "b1");
    }

    @Test
    void fewClientsShareTheQueueHoweverMuchOneAdds() {
        for (int i = 0; i < 1_000; i++) {
            add("a" + i, 12);
        }
        for (int i = 0; i < 1_000; i++) {
            add("b" + i, 12);
            add("c" + i, 12);
        }

        List<String> left = all();
        assertThat(left).hasSize(12);
        for (String client : List.of("a", "b", "c")) {
            assertThat(left).filteredOn(item -> item.startsWith(client)).hasSizeBetween(3, 5);
        }
    }

    @Test
    void removedItemsLeaveTheirPlace() {
        List.of("a1", "a2", "b1").forEach(item -> add(item, 3));

        assertThat(queue.remove("a", "a1")).isTrue();
        assertThat(queue.remove("a", "a1")).isFalse();
        assertThat(queue.remove("b", "b1")).isTrue();
        assertThat(queue.remove("c", "c1")).isFalse();

        assertThat(add("d1", 2)).isNull();
        assertThat(all()).containsExactly("a2", "d1");
        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isNull();
    }

    @Test
    void itemsThatComeBackAreServedFirstInTheirOrderAndKeepTheirPlaces() {
        List.of("a1", "a2", "b1").forEach(item -> add(item, 3));
        List.of("a3", "a4", "c1").forEach(queue::addReturning);
        assertThat(queue.size()).isEqualTo(6);

        assertThat(add("d1", 3)).as("only new items lose their places").isEqualTo("a2");
        assertThat(queue.remove("a", "a4")).isTrue();

        assertThat(all()).containsExactly("a3", "c1", "a1", "b1", "d1");
        assertThat(queue.size()).isZero();
    }

    /** The client is the first letter. */
    private @Nullable String add(String item, int capacity) {
        return queue.offer(item.substring(0, 1), item, capacity);
    }

    private List<String> all() {
        List<String> items = new ArrayList<>();
        for (String item = queue.poll(); item != null; item = queue.poll()) {
            items.add(item);
        }
        return items;
    }
}
