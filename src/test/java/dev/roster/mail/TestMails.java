package dev.roster.mail;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Writes rows to the outbox of a service, as its transactions do, and reads what becomes of them. */
public final class TestMails {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Jdbi jdbi;

    public TestMails(RosterExtension roster) {
        this(roster.jdbi());
    }

    public TestMails(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Writes a mail that is due. */
    public UUID write(String kind, @Nullable UUID userId, String address, @Nullable UUID tokenId) {
        UUID id = UUID.randomUUID();
        jdbi.useHandle(handle -> handle.execute(
                "INSERT INTO mails (id, kind, user_id, address, token_id) VALUES (?, ?, ?, ?, ?)",
                id,
                kind,
                userId,
                address,
                tokenId));
        return id;
    }

    /** Writes the row of a token to set a new password. */
    public UUID writeToken(@Nullable UUID userId, String address) {
        return writeToken("reset", userId, address);
    }

    /** Writes the row of a token. */
    public UUID writeToken(String purpose, @Nullable UUID userId, String address) {
        UUID id = UUID.randomUUID();
        jdbi.useHandle(handle -> handle.execute("""
                INSERT INTO mail_tokens (id, purpose, user_id, address, expires_at)
                VALUES (?, ?, ?, ?, now() + interval '30 minutes')
                """, id, purpose, userId, address));
        return id;
    }

    /** Waits until a row has this state. */
    public void await(UUID id, String state) {
        Poll.until("it is " + state, PATIENCE, () -> state(id).equals(state));
    }

    public String state(UUID id) {
        return get(id, "state");
    }

    /** Evaluates an expression of SQL over a mail, as text. */
    public String get(UUID id, String expression) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT coalesce((" + expression + ")::text, 'null') FROM mails WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .orElse("deleted"));
    }

    /** Executes a statement with ids as arguments. */
    public void change(String sql, Object... arguments) {
        jdbi.useHandle(handle -> handle.execute(sql, arguments));
    }
}
