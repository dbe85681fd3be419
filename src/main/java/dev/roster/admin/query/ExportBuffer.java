package dev.roster.admin.query;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.io.ByteArrayOutputStream;

/** Keeps an export in memory until it is sent, up to a maximum. */
final class ExportBuffer extends ByteArrayOutputStream {
    static final int MAX_BYTES = 8 * 1024 * 1024;

    /** @throws RefusedException {@code EXPORT_TOO_LARGE} */
    @Override
    public synchronized void write(int b) {
        requireSpace(1);
        super.write(b);
    }

    /** @throws RefusedException {@code EXPORT_TOO_LARGE} */
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        requireSpace(length);
        super.write(bytes, offset, length);
    }

    private void requireSpace(int length) {
        if (count + length > MAX_BYTES) {
            throw new RefusedException(
                    Refusal.EXPORT_TOO_LARGE, "The export has more than 8 MiB. Run the command export-user instead.");
        }
    }
}
