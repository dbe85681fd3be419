package dev.roster.command;

import dev.roster.audit.AuditEvents;
import dev.roster.database.pool.PoolClient;
import dev.roster.database.primary.Epoch;
import dev.roster.database.primary.UnknownOutcomeException;
import dev.roster.http.ConsistencyToken;
import dev.roster.revocation.RevokedTokens;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

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
    private final Supplier<Epoch> epoch;
    private final AuditEvents audit;
    private final RevokedTokens revoked;
    private final Consumer<UUID> userChanged;
    private final Consumer<Handle> begin;

    /**
     * @param epoch the epoch of now
     * @param userChanged is told the id of each user whose row has changed, after the commit
     * @param begin is run at the beginning of each transaction
     */
    public Commands(
            Jdbi jdbi,
            Supplier<Epoch> epoch,
            AuditEvents audit,
            RevokedTokens revoked,
            Consumer<UUID> userChanged,
            Consumer<Handle> begin) {
        this.jdbi = jdbi;
        this.epoch = epoch;
        this.begin = begin;
        this.audit = audit;
        this.revoked = revoked;
        this.userChanged = userChanged;
    }

    /**
     * Runs a transaction, then applies its effects. If the work throws, the transaction is rolled back and has no
     * effects.
     *
     * @throws dev.roster.refusal.RefusedException what the transaction throws, or what it gave to {@link
     *     Effects#refuse}
     * @throws UnknownOutcomeException if it may have committed; this node and others may know of its effects
     */
    public <T> T run(Work<T> work) {
        Effects effects = new Effects(revoked);
        Epoch begun = epoch.get();
        T result = jdbi.inTransaction(handle -> {
            begin.accept(handle);
            T value = work.run(handle, effects);
            effects.write(handle, audit);
            requireLasting(begun, Commit.of(handle));
            return value;
        });
        effects.apply(audit, userChanged);
        requireEpoch(begun); // the write-back of a new one may have missed what memory has got just now
        return result;
    }

    /** Returns true if this node knows that a session or user is revoked, even if a new primary lacks that row. */
    public boolean isRevoked(UUID id) {
        return revoked.contains(id);
    }

    /** Runs a single statement that only reads. */
    public <E, T> T read(Class<E> sqlObject, Function<E, T> statement) {
        return jdbi.withExtension(sqlObject, statement::apply);
    }

    /**
     * Runs a single statement that writes. It commits by itself and has no effects.
     *
     * @param statement returns empty if it has written nothing
     * @throws UnknownOutcomeException if it may have committed
     */
    public <E, T> Optional<T> write(Class<E> sqlObject, Function<E, Optional<T>> statement) {
        Epoch begun = epoch.get();
        return jdbi.withHandle(handle -> {
            Optional<T> written = Commit.ofStatement(handle, () -> statement.apply(handle.attach(sqlObject)));
            if (written.isPresent()) {
                requireLasting(begun, position(handle, begun));
            }
            return written;
        });
    }

    /** Asks on the connection of the commit: another one may lead to another server. */
    private static ConsistencyToken position(Handle handle, Epoch begun) {
        try {
            return Commit.flushed(handle);
        } catch (JdbiException e) { // committed, so the answer must not say that it failed
            return ConsistencyToken.unknown(begun.timeline());
        }
    }

    /** Notes the position, unless another server is the primary by now: it may not have the commit. */
    private void requireLasting(Epoch begun, ConsistencyToken position) {
        requireEpoch(begun);
        if (position.timeline() < epoch.get().timeline()) {
            throw anotherPrimary();
        }
        PoolClient.current().committed(position.toString());
    }

    private void requireEpoch(Epoch begun) {
        if (begun.number() > 0 && epoch.get().number() != begun.number()) {
            throw anotherPrimary();
        }
    }

    private static UnknownOutcomeException anotherPrimary() {
        return new UnknownOutcomeException(new SQLTransientException("Another server has become the primary", "57P01"));
    }

    /** The statements of a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** @param effects what follows from the transaction, if it commits */
        T run(Handle handle, Effects effects);
    }
}
