package dev.roster.operator;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.http.body.BodyRules;
import dev.roster.mail.PasswordMails;
import dev.roster.query.OperatorReads;
import dev.roster.query.OperatorUser;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Operations that decide who may log in. Closing an account ends its sessions by their ids, in the same transaction. It
 * does not revoke the user as a whole: that would also refuse tokens issued after the account was opened again.
 * Thread-safe.
 */
public final class UserAccess {
    /** The last moment that RFC 3339 can write, whose years have four digits. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private final Commands commands;
    private final SessionEnding ending;
    private final PasswordMails mails;

    UserAccess(Commands commands, SessionEnding ending, PasswordMails mails) {
        this.commands = commands;
        this.ending = ending;
        this.mails = mails;
    }

    /**
     * Disables a user. If the user is disabled already, replaces the time and the reason.
     *
     * @param until when the user may log in again; null if an operator has to enable the user
     * @throws RefusedException {@code NOT_FOUND}, {@code INVALID} if {@code until} is not in the future
     */
    public OperatorUser disable(Operator operator, UserReference user, @Nullable Instant until) {
        return close(
                operator,
                user,
                AuditEvent.Type.DISABLED,
                (handle, id) -> {
                    requireFuture(handle, until);
                    handle.createUpdate("""
                            UPDATE users
                               SET disabled_at = now(), disabled_until = :until, disabled_reason = :reason,
                                   pending_email = NULL,
                                   version = version + 1,
                                   updated_at = greatest(now(), updated_at + interval '1 microsecond')
                             WHERE id = :id
                            """)
                            .bind("id", id)
                            .bind("until", until)
                            .bind("reason", operator.reason())
                            .execute();
                },
                (handle, closed) -> mails.endLinks(handle, closed.user().id()));
    }

    private static void requireFuture(Handle handle, @Nullable Instant until) {
        Instant now = handle.attach(SessionCommands.class).now();
        if (until != null && (!until.isAfter(now) || until.isAfter(LATEST))) {
            throw RefusedException.invalid(
                    "until",
                    Reason.of(
                            ErrorCode.OUT_OF_RANGE,
                            "must be in the future, and before the year 10000",
                            now.toString(),
                            LATEST.toString()));
        }
    }

    /**
     * Enables a user. The sessions that ended stay ended. A required password reset stays required.
     *
     * @throws RefusedException {@code NOT_FOUND}
     */
    public OperatorUser enable(Operator operator, UserReference user) {
        return commands.run((handle, effects) -> {
            UUID id = user.lock(handle);
            int enabled = handle.createUpdate("""
                            UPDATE users
                               SET disabled_at = NULL, disabled_until = NULL, disabled_reason = NULL,
                                   version = version + 1,
                                   updated_at = greatest(now(), updated_at + interval '1 microsecond')
                             WHERE id = :id AND disabled_at IS NOT NULL
                            """).bind("id", id).execute();
            if (enabled > 0) {
                effects.changed(id);
                effects.record(operator.event(AuditEvent.Type.ENABLED, id));
            }
            return OperatorReads.find(handle, id).orElseThrow();
        });
    }

    /**
     * Refuses logins with the present password until an operator, or the user with a link, sets a new one. If mail is
     * on, sends the user a link.
     *
     * @throws RefusedException {@code NOT_FOUND}
     */
    public OperatorUser requirePasswordReset(Operator operator, UserReference user) {
        return close(
                operator,
                user,
                AuditEvent.Type.PASSWORD_RESET_REQUIRED,
                (handle, id) -> handle.createUpdate("""
                        UPDATE users
                           SET password_reset_required_at = now(),
                               pending_email = NULL,
                               version = version + 1,
                               updated_at = greatest(now(), updated_at + interval '1 microsecond')
                         WHERE id = :id
                        """).bind("id", id).execute(),
                (handle, closed) -> {
                    mails.endLinks(handle, closed.user().id());
                    mails.sendReset(handle, closed.user().id(), closed.user().email());
                });
    }

    /** @param after runs at the end of the transaction */
    private OperatorUser close(
            Operator operator,
            UserReference user,
            AuditEvent.Type type,
            Closing closing,
            BiConsumer<Handle, OperatorUser> after) {
        return commands.run((handle, effects) -> {
            UUID id = user.lock(handle);
            closing.close(handle, id);
            effects.changed(id);
            effects.record(operator.event(type, id));
            AuditEvent event = operator.event(AuditEvent.Type.SESSION_ENDED, id);
            List<UUID> unusedIds = ending.endOthers(handle, effects, id, null, event, SessionEnding.REASON);
            OperatorUser closed = OperatorReads.find(handle, id).orElseThrow();
            after.accept(handle, closed);
            return closed;
        });
    }

    /**
     * For how long a user is disabled.
     *
     * @param until null if an operator has to enable the user
     */
    @BodyRules.MayBeAbsent
    public record Disabling(@Nullable Instant until) {}

    /** The statement that closes an account, whose row is locked. */
    @FunctionalInterface
    private interface Closing {
        void close(Handle handle, UUID id);
    }
}
