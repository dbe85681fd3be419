package dev.roster.operator;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.registration.NewUser;
import dev.roster.command.registration.RegistrationModule;
import dev.roster.command.registration.UserCreation;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.command.session.SessionEnding.EndedBatch;
import dev.roster.command.session.SessionModule;
import dev.roster.command.user.UserDeletion;
import dev.roster.command.user.UserModule;
import dev.roster.host.Host;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.id.Ids;
import dev.roster.mail.PasswordMails;
import dev.roster.password.PasswordPolicy;
import dev.roster.query.OperatorUser;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.user.Roles;
import dev.roster.user.StoredUser;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Operations on users for operators. Thread-safe. */
public final class UserAdministration {
    private static final Reason MAIL_IS_OFF =
            Reason.of(ErrorCode.NOT_ALLOWED, "needs a mail, and MAIL is off", List.of("false"));

    private final Commands commands;
    private final UserCreation creation;
    private final UserDeletion deletion;
    private final SessionEnding ending;
    private final Hashing hashing;
    private final PasswordMails mails;
    private final UserAccess access;
    private final UserEditing editing;
    private final Ids ids;

    public UserAdministration(
            Commands commands,
            RegistrationModule registration,
            UserModule users,
            SessionModule sessions,
            AccountModule accounts,
            Host host) {
        this.commands = commands;
        this.creation = registration.creation();
        this.deletion = users.deletion();
        this.ending = sessions.ending();
        this.hashing = new Hashing(accounts);
        this.mails = users.mail().passwordMails();
        this.access = new UserAccess(commands, ending, mails);
        this.editing = new UserEditing(commands, ending, creation, hashing, users.mail());
        this.ids = host.ids();
    }

    Commands commands() {
        return commands;
    }

    /** Which passwords are allowed. */
    public PasswordPolicy passwordPolicy() {
        return creation.policy();
    }

    /** Which roles there are. */
    public Roles roles() {
        return creation.roles();
    }

    /** Who may log in. */
    public UserAccess access() {
        return access;
    }

    /** Changes of users. */
    public UserEditing editing() {
        return editing;
    }

    /** The operator of one command at a shell. */
    public Operator atShell() {
        return Operator.atShell(ids);
    }

    /**
     * Adds a user, and hashes the password on this thread.
     *
     * @throws RefusedException {@code INVALID} if the policy rejects the password for this name or address, {@code
     *     EMAIL_TAKEN}
     */
    public OperatorUser create(Operator operator, NewUser user) {
        creation.requireFittingPassword(user);
        return create(operator, user, hashing.now(user.password()), false);
    }

    /**
     * Adds a user without a password, and sends a link to set one.
     *
     * @param option what asks for this, to name if it is refused
     * @throws RefusedException {@code INVALID} if mail is off, {@code EMAIL_TAKEN}
     */
    public OperatorUser invite(Operator operator, NewUser user, String option) {
        requireMail(option);
        return create(operator, user, null, true);
    }

    private void requireMail(String option) {
        if (!mails.isOn()) {
            throw RefusedException.invalid(option, MAIL_IS_OFF);
        }
    }

    /**
     * Does either for a request, which occupies no thread while the password is hashed.
     *
     * @return the user; or {@code UNAVAILABLE}, or a refusal as above
     */
    public CompletableFuture<OperatorUser> createLater(Operator operator, WantedUser wanted) {
        NewUser user = wanted.user();
        if (wanted.isInvited()) {
            return CompletableFuture.completedFuture(invite(operator, user, "invite"));
        }
        creation.requireFittingPassword(user);
        return hashing.later(operator, user.password(), () -> {}, hash -> create(operator, user, hash, false));
    }

    private OperatorUser create(Operator operator, NewUser user, @Nullable String passwordHash, boolean isInvited) {
        UUID id = ids.next();
        AuditEvent event = operator.event(AuditEvent.Type.REGISTERED, id);
        return UserReference.created(creation.create(id, user, passwordHash, event, (handle, effects, created) -> {
            if (isInvited) {
                effects.record(operator.event(AuditEvent.Type.INVITED, id));
                mails.invite(handle, id, created.email());
            }
        }));
    }

    /**
     * Deletes a user, and returns the id.
     *
     * @param condition takes the user as stored; throws if it must not be deleted
     * @throws RefusedException {@code NOT_FOUND}, what the condition throws
     */
    public UUID delete(Operator operator, UserReference user, Consumer<StoredUser> condition) {
        return commands.run((handle, effects) -> {
            UUID id = user.resolve(handle);
            AuditEvent event = operator.event(AuditEvent.Type.DELETED, id);
            if (!deletion.delete(handle, effects, id, condition, event)) {
                throw UserReference.unknownId();
            }
            return id;
        });
    }

    /**
     * Ends every session that a user has at this moment.
     *
     * @throws RefusedException {@code NOT_FOUND}, {@code VERSION_CONFLICT}
     */
    public EndedSessions endSessions(Operator operator, UserReference user, Preconditions preconditions) {
        return commands.run((handle, effects) -> {
            UUID id = user.lock(handle);
            preconditions.require(Validators.NONE);
            AuditEvent event = operator.event(AuditEvent.Type.SESSION_ENDED, id);
            int count = ending.endOthers(handle, effects, id, null, event, SessionEnding.REASON)
                    .size();
            return new EndedSessions(id, count);
        });
    }

    /**
     * Ends one session of a user.
     *
     * @throws RefusedException {@code NOT_FOUND} if the user has no such session, {@code VERSION_CONFLICT}
     */
    public void endSession(Operator operator, UUID userId, UUID sessionId, Preconditions preconditions) {
        UUID unused = commands.run((handle, effects) -> {
            if (!handle.attach(SessionCommands.class).end(sessionId, userId)) {
                // The answer to the commit that ended it may have been lost: this node learns of it now.
                effects.learn(handle.attach(TokenBlocklist.class).find(sessionId));
                throw new RefusedException(Refusal.NOT_FOUND, "There is no such session.");
            }
            preconditions.require(Validators.NONE);
            effects.record(operator.event(AuditEvent.Type.SESSION_ENDED, userId).in(sessionId));
            ending.revoke(effects, userId, List.of(sessionId), SessionEnding.REASON);
            return sessionId;
        });
    }

    /**
     * Ends every session that was opened before this call. Then revokes every access token that was issued so far, also
     * those of sessions and users that the database does not know. Each batch of users is a transaction of its own: if
     * one fails, some sessions have ended, and a second call ends the rest.
     */
    public EndedEverywhere endAllSessions(Operator operator) {
        Instant openedUntil = commands.run(
                (handle, effects) -> handle.attach(SessionCommands.class).now());
        int users = 0;
        int sessions = 0;
        EndedBatch batch = endNext(operator, new UUID(0, 0), openedUntil);
        while (!batch.userIds().isEmpty()) {
            users += batch.userIds().size();
            sessions += batch.sessions();
            batch = endNext(operator, batch.userIds().get(batch.userIds().size() - 1), openedUntil);
        }
        Instant revokedUntil = commands.run((handle, effects) -> {
            effects.record(operator.event(AuditEvent.Type.SESSION_ENDED));
            return ending.revokeAll(handle, effects);
        });
        return new EndedEverywhere(users, sessions, revokedUntil);
    }

    private EndedBatch endNext(Operator operator, UUID afterId, Instant openedUntil) {
        return commands.run((handle, effects) -> ending.endNext(
                handle,
                effects,
                afterId,
                openedUntil,
                userId -> operator.event(AuditEvent.Type.SESSION_ENDED, userId)));
    }

    /** @param count how many sessions were ended */
    public record EndedSessions(UUID userId, int count) {}

    /**
     * @param users how many users had sessions
     * @param sessions how many sessions were ended
     * @param revokedUntil every access token that was issued until this moment is revoked
     */
    public record EndedEverywhere(int users, int sessions, Instant revokedUntil) {}
}
