package dev.roster.operator;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.registration.RegisterUser;
import dev.roster.command.registration.RegistrationModule;
import dev.roster.command.registration.UserCreation;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.command.session.SessionEnding.EndedBatch;
import dev.roster.command.session.SessionModule;
import dev.roster.command.user.UserDeletion;
import dev.roster.command.user.UserModule;
import dev.roster.host.Host;
import dev.roster.id.Ids;
import dev.roster.password.PasswordHasher;
import dev.roster.password.PasswordModule;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.RefusedException;
import dev.roster.user.Roles;
import java.time.Instant;
import java.util.UUID;

/** Operations on users for operators. Thread-safe. */
public final class UserAdministration {
    private final Commands commands;
    private final UserCreation creation;
    private final UserDeletion deletion;
    private final SessionEnding ending;
    private final PasswordHasher hasher;
    private final Ids ids;

    public UserAdministration(
            Commands commands,
            RegistrationModule registration,
            UserModule users,
            SessionModule sessions,
            PasswordModule passwords,
            Host host) {
        this.commands = commands;
        this.creation = registration.creation();
        this.deletion = users.deletion();
        this.ending = sessions.ending();
        this.hasher = passwords.hasher();
        this.ids = host.ids();
    }

    /** Which passwords are allowed. */
    PasswordPolicy passwordPolicy() {
        return creation.policy();
    }

    /** Which roles there are. */
    Roles roles() {
        return creation.roles();
    }

    /** The operator of one command at a shell. */
    public Operator atShell() {
        return Operator.atShell(ids);
    }

    /**
     * Adds a user, and returns the id.
     *
     * @throws RefusedException {@code INVALID} if the policy rejects the password for this name or address, {@code
     *     EMAIL_TAKEN}
     */
    public UUID create(Operator operator, RegisterUser user) {
        creation.requireFitting(user);
        UUID id = ids.next();
        creation.create(id, user, hasher.hash(user.password()), operator.event(AuditEvent.Type.REGISTERED, id));
        return id;
    }

    /**
     * Deletes a user, and returns the id.
     *
     * @throws RefusedException {@code NOT_FOUND}
     */
    public UUID delete(Operator operator, UserReference user) {
        return commands.run((handle, effects) -> {
            UUID id = user.resolve(handle);
            AuditEvent event = operator.event(AuditEvent.Type.DELETED, id);
            if (!deletion.delete(handle, effects, id, null, event)) {
                throw UserReference.unknownId();
            }
            return id;
        });
    }

    /**
     * Ends every session that a user has at this moment.
     *
     * @throws RefusedException {@code NOT_FOUND}
     */
    public EndedSessions endSessions(Operator operator, UserReference user) {
        return commands.run((handle, effects) -> {
            UUID id = user.resolve(handle);
            if (handle.attach(SessionCommands.class).lockUser(id).isEmpty()) {
                throw UserReference.unknownId();
            }
            AuditEvent event = operator.event(AuditEvent.Type.SESSION_ENDED, id);
            int count = ending.endOthers(handle, effects, id, null, event, SessionEnding.REASON)
                    .size();
            return new EndedSessions(id, count);
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
            return ending.revokeAll(handle);
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
