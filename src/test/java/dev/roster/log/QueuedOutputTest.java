package dev.roster.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueuedOutputTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void closeWritesAllQueuedLinesInOrder() {
        QueuedOutput output = new QueuedOutput(written, 5_000);
        for (int i = 0; i < 5_000; i++) {
            write(output, i + "\n");
        }
        output.close();

        assertThat(text()).isEqualTo(lines(0, 5_000));
    }

    @Test
    void stuckTargetDoesNotBlockWriters() throws Exception {
        StuckStream stuck = new StuckStream();
        QueuedOutput output = new QueuedOutput(stuck, 3);
        write(output, "0\n");
        stuck.reached.await();
        for (int i = 1; i < 10; i++) {
            write(output, i + "\n");
        }
        stuck.released.countDown();
        output.close();

        assertThat(text()).as("the line being written, and three queued ones").isEqualTo(lines(0, 4));
    }

    private static void write(QueuedOutput output, String line) {
        output.write(line.getBytes(StandardCharsets.US_ASCII));
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> i + "\n").collect(Collectors.joining());
    }

    private String text() {
        return written.toString(StandardCharsets.US_ASCII);
    }

    /** Blocks until it is released. */
    private final class StuckStream extends OutputStream {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);

        @Override
        public void write(int unit) {
            written.write(unit);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            reached.countDown();
            Uninterruptibles.awaitUninterruptibly(released); // close() interrupts the writing thread
            written.write(bytes, offset, length);
        }
    }
}
