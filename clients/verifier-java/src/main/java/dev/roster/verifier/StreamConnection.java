package dev.roster.verifier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Takes the bytes of one connection, line by line, until it ends or is dropped. Thread-safe. */
final class StreamConnection implements BodySubscriber<Void> {
    private static final int LONGEST_LINE = 16 * 1024;

    private final EventReader reader;
    private final Clocks clocks;
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable Subscription subscription;
    private long lastBytes;
    private boolean isDropped;

    StreamConnection(EventReader reader, Clocks clocks) {
        this.reader = reader;
        this.clocks = clocks;
        this.lastBytes = clocks.nanos().getAsLong();
    }

    /** Whether nothing has come for so long, counted from the request on. */
    synchronized boolean isSilentFor(Duration time) {
        return clocks.nanos().getAsLong() - lastBytes >= time.toNanos();
    }

    /** Ends the connection. What still arrives on it has no effect any more. */
    synchronized void drop(String reason) {
        fail(new IOException(reason));
    }

    @Override
    public CompletionStage<Void> getBody() {
        return body;
    }

    @Override
    public synchronized void onSubscribe(Subscription opened) {
        subscription = opened;
        if (isDropped) {
            opened.cancel();
        } else {
            opened.request(1);
        }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        lastBytes = clocks.nanos().getAsLong();
        try {
            for (ByteBuffer buffer : buffers) {
                while (!isDropped && buffer.hasRemaining()) {
                    take(buffer.get());
                }
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
        if (!isDropped && subscription != null) {
            subscription.request(1);
        }
    }

    private void take(byte next) throws IOException {
        if (next == '\n') {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            reader.line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
        } else if (line.size() < LONGEST_LINE) {
            line.write(next);
        } else {
            throw new IOException("A line of more than " + LONGEST_LINE + " bytes");
        }
    }

    private synchronized void fail(Throwable reason) {
        isDropped = true;
        if (subscription != null) {
            subscription.cancel();
        }
        body.completeExceptionally(reason);
    }

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    @Override
    public void onComplete() {
        body.complete(null);
    }
}
