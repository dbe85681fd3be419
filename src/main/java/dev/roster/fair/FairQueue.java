package dev.roster.fair;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that serves clients in turn, one item each. If it is full, the client with the most items loses its
 * newest one to a client with fewer. So no client keeps another one out or waiting, however many items it adds.
 *
 * <p>Items that come back for their next turn are served first, and never lose their place. Not thread-safe.
 *
 * @param <T> an item; items are compared by identity or {@code equals}
 */
public final class FairQueue<T> {
    /** The clients that have new items, in the order of their turns. */
    private final Map<String, Deque<T>> byClient = new LinkedHashMap<>();

    private final Deque<T> returning = new ArrayDeque<>();

    /** The number of new items. */
    private int size;

    /**
     * Adds a new item if there is room, or if another client gives up a place.
     *
     * @param capacity how many new items there may be now
     * @return the item that has no place any more: null if there was room, and the new item itself if its client has as
     *     many as the busiest one
     */
    public @Nullable T offer(String client, T item, int capacity) {
        T loser = null;
        if (size >= capacity) {
            loser = takeFromBusiest(client);
            if (loser == null) {
                return item;
            }
        }
        byClient.computeIfAbsent(client, same -> new ArrayDeque<>()).addLast(item);
        size++;
        return loser;
    }

    /** Adds an item that was served before. The oldest of these items is served next. */
    public void addReturning(T item) {
        returning.addLast(item);
    }

    private @Nullable T takeFromBusiest(String client) {
        Deque<T> busiest = null;
        int most = sizeOf(client) + 1; // a client with only one more would merely change places with the new item
        for (Deque<T> items : byClient.values()) {
            if (items.size() > most) {
                most = items.size();
                busiest = items;
            }
        }
        if (busiest == null) {
            return null;
        }
        size--;
        return busiest.removeLast(); // others remain, since it has more than one
    }

    private int sizeOf(String client) {
        Deque<T> items = byClient.get(client);
        return items == null ? 0 : items.size();
    }

    /** Removes the item whose turn it is; null if there is none. */
    public @Nullable T poll() {
        T first = returning.pollFirst();
        return first == null ? pollNew() : first;
    }

    private @Nullable T pollNew() {
        Iterator<Map.Entry<String, Deque<T>>> clients = byClient.entrySet().iterator();
        if (!clients.hasNext()) {
            return null;
        }
        Map.Entry<String, Deque<T>> first = clients.next();
        String client = first.getKey();
        Deque<T> items = first.getValue();
        clients.remove();
        T item = items.removeFirst();
        if (!items.isEmpty()) {
            byClient.put(client, items); // behind the others
        }
        size--;
        return item;
    }

    /** Removes an item, and returns whether it was there. */
    public boolean remove(String client, T item) {
        if (returning.remove(item)) {
            return true;
        }
        Deque<T> items = byClient.get(client);
        if (items == null || !items.removeLastOccurrence(item)) {
            return false;
        }
        if (items.isEmpty()) {
            byClient.remove(client);
        }
        size--;
        return true;
    }

    /** How many items wait. */
    public int size() {
        return size + returning.size();
    }

    /** The refusal of a request whose item has no place. */
    static RefusedException refusal() {
        return new RefusedException(Refusal.UNAVAILABLE, "Too many requests are waiting.");
    }
}
