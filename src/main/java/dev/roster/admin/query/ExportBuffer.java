package dev.roster.admin.query;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/**
 * Keeps an export in memory until it is complete, up to a maximum size. It is a queue of pieces, so that growing copies
 * nothing.
 */
final class ExportBuffer extends OutputStream implements StreamingOutput {
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private final Queue<byte[]> pieces = new ArrayDeque<>();
    private int size;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws RefusedException {@code EXPORT_TOO_LARGE} */
    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (size + length > MAX_BYTES) {
            throw new RefusedException(
                    Refusal.EXPORT_TOO_LARGE, "The export has more than 8 MiB. Run the command export-user instead.");
        }
        pieces.add(Arrays.copyOfRange(bytes, offset, offset + length));
        size += length;
    }

    int size() {
        return size;
    }

    /** Writes the export, and forgets each piece once it is written. */
    @Override
    public void write(OutputStream out) throws IOException {
        byte[] piece = pieces.poll();
        while (piece != null) {
            out.write(piece);
            piece = pieces.poll();
        }
    }
}
