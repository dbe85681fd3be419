package dev.roster.http.connection;

import java.time.Duration;
import org.eclipse.jetty.util.Callback;

/** The writes of an answer that is sent while it is written, one at a time. Thread-safe. */
final class StreamedWrites {
    private volatile long begin;
    private volatile boolean isWriting;

    /** Begins a write, and returns the callback that ends it. */
    Callback begin(Callback written) {
        begin = System.nanoTime();
        isWriting = true;
        return Callback.from(() -> isWriting = false, written);
    }

    /** How long the write under way has waited for the client; zero if there is none. */
    Duration age() {
        return isWriting ? Duration.ofNanos(System.nanoTime() - begin) : Duration.ZERO;
    }
}
