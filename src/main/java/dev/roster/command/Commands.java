package dev.roster.command;

import dev.roster.audit.AuditEvents;
import dev.roster.database.pool.PoolClient;
import dev.roster.revocation.RevokedTokens;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Runs transactions of the write side, and applies their {@link Effects}. Retries nothing.
 *
 * <p>Every transaction takes its locks in this order, so that transactions cannot deadlock: the user's advisory lock,
 * that of an address, rows of {@code users} (by id), {@code pending_registrations}, {@code sessions}, {@code
 * last_logins}, {@code mail_tokens}, {@code mails}, limits, the advisory lock of signing keys and their rows, {@code
 * token_blocklist}, {@code api_keys}, audit events.
 * There are three exceptions. A deletion changes the audit events of its own user earlier; no other transaction locks
 * those. A change locks the row of its user's limit {@code change} first; only changes of the same user lock that row.
 * Registrations, notices and changes of an address lock rows of limits on mails before rows of {@code mail_tokens} and
 * {@code mails}: those rows are new, or belong to the user whose row is locked.
 *
 * <p>Thread-safe.
 */
public final class Commands {
    private final Jdbi jdbi;
    private final AuditEvents audit;
    private final RevokedTokens revoked;
    private final Consumer<UUID> userChanged;
    private final Consumer<Handle> begin;

    /**
     * @param userChanged is told the id of each user whose row has changed, after the commit
     * @param begin is run at the beginning of each transaction
     */
    public Commands(
            Jdbi jdbi, AuditEvents audit, RevokedTokens revoked, Consumer<UUID> userChanged, Consumer<Handle> begin) {
        this.jdbi = jdbi;
        this.begin = begin;
        this.audit = audit;
        this.revoked = revoked;
        this.userChanged = userChanged;
    }

    /**
     * Runs a transaction, then applies its effects. If it throws, it is rolled back and has no effects.
     *
     * @throws dev.roster.refusal.RefusedException what the transaction throws, or what it gave to {@link
     *     Effects#refuse}
     */
    public <T> T run(Work<T> work) {
        Effects effects = new Effects(revoked);
        T result = jdbi.inTransaction(handle -> {
            begin.accept(handle);
            T value = work.run(handle, effects);
            effects.write(handle, audit);
            PoolClient.current().committed(Commit.of(handle));
            return value;
        });
        effects.apply(audit, userChanged);
        return result;
    }

    /** Whether this node knows that a session or user is revoked, also if the database of a new primary lacks that. */
    public boolean isRevoked(UUID id) {
        return revoked.contains(id);
    }

    /** Runs a single statement, which commits by itself and has no effects. */
    public <E, T> T statement(Class<E> sqlObject, Function<E, T> statement) {
        PoolClient.current().committed(null);
        return jdbi.withExtension(sqlObject, statement::apply);
    }

    /** The statements of a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** @param effects what follows from the transaction, if it commits */
        T run(Handle handle, Effects effects);
    }
}
