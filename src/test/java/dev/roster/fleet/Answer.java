package dev.roster.fleet;

import dev.roster.support.http.Reply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request, and when, by the monotonic clock of this machine.
 *
 * @param reply null where none came
 * @param begun before anything was done, the connection included, from which a caller waits
 * @param sent right before the first byte of the request was written
 * @param done when the last byte of the answer was there, or it was known that none comes
 * @param failure why there is no reply, or nothing
 */
record Answer(@Nullable Reply reply, long begun, long sent, long done, String failure) {
    /** 0 where there is no answer. */
    int status() {
        return reply == null ? 0 : reply.status();
    }

    boolean accepted() {
        return status() >= 200 && status() < 300;
    }

    /** Whether it says what became of the request: neither silence nor a fault of the service. */
    boolean served() {
        return status() >= 200 && status() < 500;
    }

    @Nullable
    String header(String name) {
        return reply == null ? null : reply.header(name);
    }

    Duration took() {
        return Duration.ofNanos(done - begun);
    }

    /** @throws IllegalStateException where the answer is another one */
    Reply expect(int status) {
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
