package dev.roster.mail;

import org.jdbi.v3.core.Jdbi;

/** Deletes what is not needed any more, at most a given number of rows at a time. Thread-safe. */
final class MailRows {
    private final Jdbi jdbi;

    MailRows(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Deletes tokens that expired a week ago. */
    int purgeTokens(int limit) {
        return update("""
                DELETE FROM mail_tokens
                 WHERE id IN (SELECT id FROM mail_tokens
                               WHERE expires_at < now() - interval '7 days'
                               LIMIT :limit FOR UPDATE SKIP LOCKED)
                """, limit);
    }

    /**
     * Forgets the addresses of mails that ended a day ago, and deletes mails that ended a week ago. Mails that have
     * been due for a week are deleted too: nobody has sent any since.
     */
    int purge(int limit) {
        int forgotten;
        do {
            forgotten = update("""
                    UPDATE mails
                       SET address = NULL
                     WHERE id IN (SELECT id FROM mails
                                   WHERE state <> 'due' AND address IS NOT NULL AND next_at < now() - interval '1 day'
                                   LIMIT :limit FOR UPDATE SKIP LOCKED)
                    """, limit);
        } while (forgotten == limit);
        return update("""
                DELETE FROM mails
                 WHERE id IN (SELECT id FROM mails
                               WHERE next_at < now() - interval '7 days'
                               LIMIT :limit FOR UPDATE SKIP LOCKED)
                """, limit);
    }

    private int update(String sql, int limit) {
        return jdbi.withHandle(
                handle -> handle.createUpdate(sql).bind("limit", limit).execute());
    }
}
