package dev.roster.mail.outbox;

import dev.roster.mail.outbox.StoredMail.StoredToken;
import dev.roster.mail.template.MailKind;
import dev.roster.mail.token.Purpose;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads mails from the outbox. Skips rows for neither a user nor a pending registration: they exist only so that
 * requests for unknown addresses take as long as others. Thread-safe.
 */
public final class StoredMails {
    private static final String SELECT = """
            SELECT mail.id, mail.kind, mail.address, mail.state, mail.created_at,
                   token.id AS token_id, token.purpose, token.address AS token_address,
                   coalesce(owner.email = token.address, false) AS is_for_present_address,
                   extract(epoch FROM token.expires_at - coalesce(mail.sent_at, now()))::bigint AS remaining
              FROM mails mail
              LEFT JOIN mail_tokens token ON token.id = mail.token_id
              LEFT JOIN users owner ON owner.id = token.user_id
             WHERE (mail.user_id IS NOT NULL OR token.pending_id IS NOT NULL)
               AND mail.address IS NOT NULL
               AND (mail.token_id IS NULL OR token.id IS NOT NULL)
            """;

    private final Jdbi jdbi;

    public StoredMails(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Finds a mail to send it. Returns empty if it has no recipient, or its link does not work any more. */
    public Optional<StoredMail> findForDelivery(UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + """
                           AND mail.id = :id
                           AND (mail.token_id IS NULL OR (token.used_at IS NULL AND token.expires_at > now()))
                        """)
                .bind("id", id)
                .map(StoredMails::read)
                .findOne());
    }

    /** Finds a mail in any state. */
    public Optional<StoredMail> find(UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + " AND mail.id = :id")
                .bind("id", id)
                .map(StoredMails::read)
                .findOne());
    }

    /** Returns the latest mails in any state, the newest first. */
    public List<StoredMail> latest(int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(SELECT + """
                         ORDER BY mail.created_at DESC, mail.id DESC
                         LIMIT :limit
                        """)
                .bind("limit", limit)
                .map(StoredMails::read)
                .list());
    }

    private static StoredMail read(ResultSet row, StatementContext context) throws SQLException {
        return new StoredMail(
                row.getObject("id", UUID.class),
                MailKind.of(row.getString("kind")),
                row.getString("address"),
                row.getString("state"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                readToken(row));
    }

    private static @Nullable StoredToken readToken(ResultSet row) throws SQLException {
        UUID id = row.getObject("token_id", UUID.class);
        return id == null
                ? null
                : new StoredToken(
                        id,
                        Purpose.of(row.getString("purpose")),
                        row.getString("token_address"),
                        row.getBoolean("is_for_present_address"),
                        Duration.ofSeconds(row.getLong("remaining")));
    }
}
