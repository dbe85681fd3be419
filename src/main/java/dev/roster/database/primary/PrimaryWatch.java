package dev.roster.database.primary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Watches which server is the primary. Thread-safe. */
public final class PrimaryWatch {
    private final List<Consumer<Epoch>> listeners = new ArrayList<>();
    private volatile Epoch epoch = Epoch.NONE;

    /** The epoch of now. A transaction that began in an earlier one may be lost. */
    public Epoch epoch() {
        return epoch;
    }

    /** Tells this listener each new epoch, once new connections lead to its primary. Only before the start. */
    public void onEpoch(Consumer<Epoch> listener) {
        listeners.add(listener);
    }

    void begin(Epoch begun) {
        epoch = begun;
        listeners.forEach(listener -> listener.accept(begun));
    }
}
