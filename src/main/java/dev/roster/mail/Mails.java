package dev.roster.mail;

import dev.roster.id.Ids;
import dev.roster.mail.template.MailKind;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes mails to the outbox. Thread-safe. */
public final class Mails {
    private final Ids ids;

    Mails(Ids ids) {
        this.ids = ids;
    }

    /**
     * Writes a mail in the transaction of its event: Roster sends it if, and only if, the transaction commits.
     *
     * @param userId null if no user has the address. The same statement runs, but nobody gets a mail, unless the token
     *     is for a pending registration
     * @param tokenId the token in the link; null if the kind has none
     */
    public void write(Handle handle, MailKind kind, @Nullable UUID userId, String address, @Nullable UUID tokenId) {
        handle.createUpdate("""
                        INSERT INTO mails (id, kind, user_id, address, token_id)
                        VALUES (:id, :kind, :userId::uuid, :address, :tokenId::uuid)
                        """)
                .bind("id", ids.next())
                .bind("kind", kind.text())
                .bind("userId", userId)
                .bind("address", address)
                .bind("tokenId", tokenId)
                .execute();
    }

    /** Whether a mail of this kind to this user was written within a day. For nobody, the same statement runs. */
    public boolean isRecent(Handle handle, MailKind kind, @Nullable UUID userId) {
        return handle.createQuery("""
                        SELECT EXISTS (SELECT
                                         FROM mails
                                        WHERE user_id = :userId::uuid
                                          AND kind = :kind
                                          AND created_at > now() - interval '1 day')
                        """)
                .bind("userId", userId)
                .bind("kind", kind.text())
                .mapTo(Boolean.class)
                .one();
    }
}
