package dev.roster.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines later, in the order in which they came, many at once: a thread of its own looks for them a hundred times a
 * second, so that one line in a while costs a wake-up, and thousands cost no more. Whoever writes never waits; where
 * the target takes nothing and the queue is full, lines are lost. Thread-safe.
 */
final class QueuedOutput extends OutputStream {
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration PAUSE_WHEN_IDLE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** In bytes. */
    private static final int BATCH = 64 * 1024;

    private final OutputStream target;
    private final BlockingQueue<byte[]> lines;
    private final Thread writer = new Thread(this::write, "log");
    private volatile boolean isClosed;

    /** @param capacity in lines */
    QueuedOutput(OutputStream target, int capacity) {
        this.target = target;
        this.lines = new ArrayBlockingQueue<>(capacity);
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void write(int unit) {
        write(new byte[] {(byte) unit}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        boolean unused = lines.offer(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /** Waits until what was written before is written, but no longer than a second. */
    @Override
    public void close() {
        isClosed = true;
        writer.interrupt();
        try {
            writer.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        while (!isClosed || !lines.isEmpty()) {
            byte[] line = next();
            while (line != null) {
                batch.writeBytes(line);
                line = batch.size() < BATCH ? lines.poll() : null;
            }
            send(batch);
            if (!isClosed) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private byte @Nullable [] next() {
        try {
            return lines.poll(PAUSE_WHEN_IDLE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return null; // it is to end
        }
    }

    private void send(ByteArrayOutputStream batch) {
        try {
            batch.writeTo(target);
            target.flush();
        } catch (IOException e) {
            // The process's own streams throw none; and where would one say so?
        }
        batch.reset();
    }
}
