package dev.roster.log;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines in a thread of its own, in order and in batches, at most one every 10 ms. Callers never wait: while the
 * queue is full, lines are dropped. Thread-safe.
 */
final class QueuedOutput extends OutputStream {
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** In bytes. */
    private static final int BATCH = 64 * 1024;

    private final OutputStream target;
    private final BlockingQueue<byte[]> lines;
    private final Thread writer = new Thread(this::write, "queued-log");
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
        write(new byte[] {(byte) unit});
    }

    /** Takes over the array: the caller must not change it. */
    @Override
    public void write(byte[] line) {
        boolean unused = lines.offer(line);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        write(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /** Waits up to a second for the queued lines. */
    @Override
    public void close() {
        isClosed = true;
        writer.interrupt();
        Uninterruptibles.joinUninterruptibly(writer, CLOSE_TIMEOUT);
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
            if (!isClosed && lines.isEmpty()) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private byte @Nullable [] next() {
        try {
            return lines.take();
        } catch (InterruptedException e) {
            return null; // closed
        }
    }

    private void send(ByteArrayOutputStream batch) {
        try {
            batch.writeTo(target);
            target.flush();
        } catch (IOException e) {
            // The standard streams throw none, and there is no other place to report one.
        }
        batch.reset();
    }
}
