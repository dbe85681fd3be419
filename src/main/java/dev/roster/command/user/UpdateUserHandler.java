package dev.roster.command.user;

import dev.roster.command.caller.Ownership;
import dev.roster.command.session.EndedSessions;
import dev.roster.command.session.SessionCommands;
import dev.roster.password.HashingPool;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordHasher;
import dev.roster.password.PasswordPolicy;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import dev.roster.token.revocation.Revocation;
import dev.roster.token.revocation.RevokedTokens;
import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Changes users; a new password ends every session but the one that set it (ASVS 7.4.3). Thread-safe. */
public final class UpdateUserHandler {
    private final Jdbi jdbi;
    private final Ownership ownership;
    private final PasswordPolicy policy;
    private final PasswordHasher hasher;
    private final HashingPool hashing;
    private final AccessTokens tokens;
    private final RevokedTokens revoked;

    public UpdateUserHandler(
            Jdbi jdbi,
            Ownership ownership,
            PasswordPolicy policy,
            PasswordHasher hasher,
            HashingPool hashing,
            AccessTokens tokens,
            RevokedTokens revoked) {
        this.jdbi = jdbi;
        this.ownership = ownership;
        this.policy = policy;
        this.hasher = hasher;
        this.hashing = hashing;
        this.tokens = tokens;
        this.revoked = revoked;
    }

    /**
     * @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code EMAIL_TAKEN}, {@code VERSION_CONFLICT},
     *     {@code INVALID}, {@code UNAVAILABLE}
     */
    public StoredUser handle(UpdateUser command) {
        ownership.require(command.caller(), command.id());
        PasswordChange password = null;
        if (command.changes().password() != null && command.changes().currentPassword() != null) {
            password = change(
                    command, command.changes().password(), command.changes().currentPassword());
        }
        Changed changed = write(command, password);
        changed.revocations().forEach(revoked::add);
        return changed.user();
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
        String newHash = hashing.run(() -> {
            if (!hasher.verify(currentPassword, credentials.passwordHash())) {
                throw new RefusedException(Refusal.FORBIDDEN, "The current password is wrong.");
            }
            return hasher.hash(newPassword);
        });
        return new PasswordChange(newHash, credentials.passwordHash());
    }

    private Changed write(UpdateUser command, @Nullable PasswordChange password) {
        UserChanges changes = command.changes();
        return EmailTaken.unless(() -> jdbi.inTransaction(handle -> {
            UserCommands users = handle.attach(UserCommands.class);
            if (changes.email() != null) {
                users.lockForMove(command.id(), changes.email().value());
            }
            Optional<StoredUser> updated = users.update(
                    command.id(),
                    changes.name() == null ? null : changes.name().value(),
                    changes.email() == null ? null : changes.email().value(),
                    changes.role() == null ? null : changes.role().value(),
                    password == null ? null : password.newHash(),
                    password == null ? null : password.verifiedHash(),
                    command.versions());
            StoredUser user = updated.orElseThrow(() -> Missing.callerOrVersion(handle, command.id()));
            List<Revocation> revocations = password == null ? List.of() : endOtherSessions(handle, command.caller());
            return new Changed(user, revocations);
        }));
    }

    private List<Revocation> endOtherSessions(Handle handle, AccessToken caller) {
        SessionCommands sessions = handle.attach(SessionCommands.class);
        UUID sessionId = caller.sessionId();
        if (sessionId != null && !sessions.exists(sessionId)) {
            throw Ownership.gone(); // it was ended while the password was hashed
        }
        return EndedSessions.revoke(
                handle, caller.userId(), sessions.endOthers(caller.userId(), sessionId), "password_changed", tokens);
    }

    /**
     * A password whose owner has shown to know the one before.
     *
     * @param verifiedHash the hash that the current password was checked against: the change is made to that alone
     */
    private record PasswordChange(String newHash, String verifiedHash) {
        @Override
        public String toString() {
            return "PasswordChange[********]";
        }
    }

    private record Changed(StoredUser user, List<Revocation> revocations) {}
}
