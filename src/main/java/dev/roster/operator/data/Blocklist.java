package dev.roster.operator.data;

import java.io.IOException;
import java.util.Iterator;
import org.jdbi.v3.core.Jdbi;

/** Lists revocations. Thread-safe. */
public final class Blocklist {
    private static final int FETCH_SIZE = 1000;

    private final Jdbi jdbi;

    public Blocklist(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Gives each revocation to a consumer, the newest first. Never keeps all of them in memory.
     *
     * @param all whether to include revocations that have expired and are not purged yet
     * @throws IOException what the consumer throws
     */
    public void list(boolean all, RowConsumer consumer) throws IOException {
        jdbi.useTransaction(
                handle -> { // without a transaction, the driver would fetch all rows at once
                    handle.execute("SET TRANSACTION READ ONLY");
                    Iterator<Row> rows = handle.createQuery("""
                            SELECT id, kind, user_id, reason, revoked_at, expires_at
                              FROM token_blocklist
                             WHERE :all OR expires_at > now()
                             ORDER BY revoked_at DESC, id
                            """)
                            .bind("all", all)
                            .setFetchSize(FETCH_SIZE)
                            .map((row, context) -> Row.read(row))
                            .iterator();
                    while (rows.hasNext()) {
                        consumer.accept(rows.next());
                    }
                });
    }

    /** Takes a row. */
    @FunctionalInterface
    public interface RowConsumer {
        void accept(Row row) throws IOException;
    }
}
