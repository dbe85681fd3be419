package dev.roster.fleet;

import dev.roster.support.http.Reply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one request. Times are those of {@link System#nanoTime}.
 *
 * @param reply null if there was none
 * @param begun before the connection was opened
 * @param sent right before the first byte of the request was written
 * @param done when the last byte of the answer had arrived, or the request had failed
 * @param failure why there is no reply, otherwise empty
 */
public record Answer(@Nullable Reply reply, long begun, long sent, long done, String failure) {
    /** The status, or 0 if there is no answer. */
    public int status() {
        return reply == null ? 0 : reply.status();
    }

    public boolean accepted() {
        return status() >= 200 && status() < 300;
    }

    /** Whether the service answered without a fault of its own. */
    boolean served() {
        return status() >= 200 && status() < 500;
    }

    public @Nullable String header(String name) {
        return reply == null ? null : reply.header(name);
    }

    public Duration took() {
        return Duration.ofNanos(done - begun);
    }

    /** @throws IllegalStateException if the status is another one */
    public Reply expect(int status) {
        if (reply == null || status() != status) {
            throw new IllegalStateException("Not " + status + ": " + this);
        }
        return reply;
    }

    @Override
    public String toString() {
        String what = reply == null ? "no answer (" + failure + ")" : status() + " " + reply.text();
        return what + " after " + took().toMillis() + " ms";
    }
}
