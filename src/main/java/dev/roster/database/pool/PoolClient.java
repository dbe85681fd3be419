package dev.roster.database.pool;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client that a thread works for, by which {@link PoolQueue} is fair: the id of an authenticated user, otherwise an
 * address. The service's own jobs have none. Each thread has one object, which its requests use in turn.
 */
public final class PoolClient {
    private static final ThreadLocal<PoolClient> CURRENT = ThreadLocal.withInitial(PoolClient::new);

    private @Nullable Supplier<String> name;
    private @Nullable PoolQueue served;

    private PoolClient() {}

    /**
     * Begins a request of the current thread.
     *
     * @param name of the client; asked only if the thread has to wait
     */
    public static void begin(Supplier<String> name) {
        PoolClient current = CURRENT.get();
        current.name = name;
        current.served = null;
    }

    /** Gives the client of the current request another name. */
    public static void rename(Supplier<String> name) {
        CURRENT.get().name = name;
    }

    /** Ends the request. */
    public static void end() {
        PoolClient current = CURRENT.get();
        current.name = null;
        current.served = null;
    }

    /** The name of the client; empty for a job. */
    static String currentName() {
        Supplier<String> name = CURRENT.get().name;
        return name == null ? "" : name.get();
    }

    /** Notes that the current request has had a connection of this pool. */
    static void served(PoolQueue by) {
        PoolClient current = CURRENT.get();
        if (current.name != null && current.served == null) {
            current.served = by;
        }
    }

    /** Whether the current request has had a connection of this pool; only known for the first pool that it uses. */
    static boolean wasServed(PoolQueue by) {
        return CURRENT.get().served == by;
    }
}
