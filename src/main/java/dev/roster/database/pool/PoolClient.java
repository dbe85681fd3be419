package dev.roster.database.pool;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one request that the database needs: its client, to whom {@link PoolQueue} is fair, how long it has
 * waited, when it is late, and the {@code Consistency-Token} of its last commit. Follows the request from thread to
 * thread. Not thread-safe: one thread at a time works for a request.
 */
public final class PoolClient {
    private static final ThreadLocal<@Nullable PoolClient> CURRENT = new ThreadLocal<>();

    private final Set<PoolQueue> served = new HashSet<>();
    private Supplier<String> name;
    private long waitedNanos;
    private @Nullable String token;
    private @Nullable Long deadline;

    /** @param name of the client: the id of an authenticated user, otherwise a network; asked only if it has to wait */
    public PoolClient(Supplier<String> name) {
        this.name = name;
    }

    /** The request of this thread; a new one without a name if this is a thread of a job. */
    public static PoolClient current() {
        PoolClient current = CURRENT.get();
        return current == null ? new PoolClient(() -> "") : current;
    }

    /** Makes this thread work for the request, until {@link #leave}. */
    public void enter() {
        CURRENT.set(this);
    }

    /** Ends the work of this thread for a request. */
    public static void leave() {
        CURRENT.remove();
    }

    /** Gives the client of this request another name. */
    public void rename(Supplier<String> newName) {
        name = newName;
    }

    /** Sets the time from which the request is late, as of {@link System#nanoTime}. */
    public void deadline(long nanoTime) {
        deadline = nanoTime;
    }

    /** Returns true if the deadline has passed; false if there is none. */
    public boolean isLate() {
        return deadline != null && System.nanoTime() - deadline >= 0;
    }

    /** Shortens the request's next wait for a connection by this time, in which it has waited for a thread. */
    public void waited(long nanos) {
        waitedNanos = nanos;
    }

    /** The request has committed, up to the position of this {@code Consistency-Token}. */
    public void committed(String upTo) {
        token = upTo;
    }

    /** The token of the last commit; null if there was none. */
    public @Nullable String token() {
        return token;
    }

    String name() {
        return name.get();
    }

    long waitedNanos() {
        return waitedNanos;
    }

    /** The request has a connection of this pool now. */
    void serve(PoolQueue by) {
        served.add(by);
        waitedNanos = 0;
    }

    /** Returns true if the request has had a connection of this pool before. */
    boolean wasServed(PoolQueue by) {
        return served.contains(by);
    }
}
