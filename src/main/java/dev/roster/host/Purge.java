package dev.roster.host;

import java.util.function.IntUnaryOperator;

/**
 * Deletes the rows of one table that have expired, in small batches. Each batch is a transaction of its own, so that no
 * request waits for it. Thread-safe.
 *
 * @param table the table that it deletes from
 * @param batch deletes at most the given number of rows, and returns how many it deleted
 */
public record Purge(String table, IntUnaryOperator batch) {
    private static final int BATCH_SIZE = 1000;

    /** Deletes all expired rows, and returns how many. */
    public int run() {
        int total = 0;
        int last;
        do {
            last = batch.applyAsInt(BATCH_SIZE);
            total += last;
        } while (last == BATCH_SIZE);
        return total;
    }
}
