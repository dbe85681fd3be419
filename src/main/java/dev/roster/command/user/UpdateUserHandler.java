package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.account.Ownership;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.session.EndedSessions;
import dev.roster.command.session.SessionCommands;
import dev.roster.limit.Guess;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import dev.roster.user.StoredUser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Changes users; a new password ends every session but the one that set it (ASVS 7.4.3). Thread-safe. */
public final class UpdateUserHandler {
    private static final String PASSWORD_CHANGED = "password_changed";

    private final Jdbi jdbi;
    private final Ownership ownership;
    private final PasswordPolicy policy;
    private final PasswordChecks passwords;
    private final AccessTokens tokens;
    private final RevokedTokens revoked;
    private final AuditEvents audit;
    private final Consumer<UUID> changed;

    /** @param changed is told whose row has changed, before that is answered */
    public UpdateUserHandler(
            Jdbi jdbi,
            Ownership ownership,
            PasswordPolicy policy,
            PasswordChecks passwords,
            AccessTokens tokens,
            RevokedTokens revoked,
            AuditEvents audit,
            Consumer<UUID> changed) {
        this.jdbi = jdbi;
        this.ownership = ownership;
        this.policy = policy;
        this.passwords = passwords;
        this.tokens = tokens;
        this.revoked = revoked;
        this.audit = audit;
        this.changed = changed;
    }

    /**
     * @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code EMAIL_TAKEN}, {@code VERSION_CONFLICT},
     *     {@code INVALID}, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE}
     */
    public StoredUser handle(UpdateUser command) {
        ownership.require(command.caller(), command.id());
        PasswordChange password = null;
        if (command.changes().password() != null && command.changes().currentPassword() != null) {
            password = change(
                    command, command.changes().password(), command.changes().currentPassword());
        }
        Written written = write(command, password);
        written.revocations().forEach(revoked::add);
        changed.accept(command.id());
        return written.user();
    }

    private PasswordChange change(UpdateUser command, NewPassword newPassword, Password currentPassword) {
        Credentials credentials = jdbi.withExtension(UserCommands.class, users -> users.credentials(command.id()))
                .orElseThrow(Ownership::gone);
        UserChanges changes = command.changes();
        String name =
                changes.name() == null ? credentials.name() : changes.name().value();
        String email =
                changes.email() == null ? credentials.email() : changes.email().value();
        String objection = policy.objection(newPassword, name, email);
        if (objection != null) {
            throw RefusedException.invalid("password", objection);
        }
        Guess guess = Guess.at(
                command.id(), command.caller().sessionId(), command.source().ip());
        PasswordChecks.Check check =
                passwords.check(guess, currentPassword, credentials.passwordHash(), newPassword, () -> false);
        if (check.newHash() == null) {
            passwords.refuse(guess, event(AuditEvent.Type.PASSWORD_REFUSED, command));
            throw new RefusedException(Refusal.FORBIDDEN, "The current password is wrong.");
        }
        return new PasswordChange(check.newHash(), credentials.passwordHash(), guess, check);
    }

    private Written write(UpdateUser command, @Nullable PasswordChange password) {
        UserChanges changes = command.changes();
        return EmailTaken.unless(() -> jdbi.inTransaction(handle -> {
            if (changes.email() != null) {
                handle.attach(UserCommands.class)
                        .lockForMove(command.id(), changes.email().value());
            }
            Optional<StoredUser> updated = handle.attach(UserUpdates.class)
                    .update(
                            command.id(),
                            changes.name() == null ? null : changes.name().value(),
                            changes.email() == null ? null : changes.email().value(),
                            changes.role() == null ? null : changes.role().value(),
                            password == null ? null : password.newHash(),
                            password == null ? null : password.verifiedHash(),
                            command.versions());
            StoredUser user = updated.orElseThrow(() -> Missing.callerOrVersion(handle, command.id()));
            List<Revocation> revocations = password == null ? List.of() : endOtherSessions(handle, command.caller());
            if (password != null) {
                passwords.accept(handle, password.guess(), password.check());
            }
            audit.write(handle, events(command, revocations));
            return new Written(user, revocations);
        }));
    }

    private static List<AuditEvent> events(UpdateUser command, List<Revocation> ofSessions) {
        UserChanges changes = command.changes();
        List<AuditEvent> events = new ArrayList<>();
        String members = changes.detailNames();
        if (!members.isEmpty()) {
            events.add(event(AuditEvent.Type.DETAILS_CHANGED, command).with(members));
        }
        if (changes.password() != null) {
            events.add(event(AuditEvent.Type.PASSWORD_CHANGED, command));
        }
        for (Revocation ofSession : ofSessions) {
            events.add(event(AuditEvent.Type.SESSION_ENDED, command)
                    .in(ofSession.id())
                    .with(PASSWORD_CHANGED));
        }
        return events;
    }

    private static AuditEvent event(AuditEvent.Type type, UpdateUser command) {
        return AuditEvent.by(command.id(), type, command.source())
                .in(command.caller().sessionId());
    }

    private List<Revocation> endOtherSessions(Handle handle, AccessToken caller) {
        SessionCommands sessions = handle.attach(SessionCommands.class);
        UUID sessionId = caller.sessionId();
        if (sessionId != null && !sessions.exists(sessionId)) {
            throw Ownership.gone(); // it was ended while the password was hashed
        }
        List<UUID> ended = sessions.endOthers(caller.userId(), sessionId);
        EndedSessions.learn(handle, caller.userId(), revoked);
        return EndedSessions.revoke(handle, caller.userId(), ended, PASSWORD_CHANGED, tokens);
    }

    /**
     * A password whose owner has shown to know the one before.
     *
     * @param verifiedHash the hash that the current password was checked against: the change is made to that alone
     */
    private record PasswordChange(String newHash, String verifiedHash, Guess guess, PasswordChecks.Check check) {
        @Override
        public String toString() {
            return "PasswordChange[********]";
        }
    }

    private record Written(StoredUser user, List<Revocation> revocations) {}
}
