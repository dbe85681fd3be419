package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.http.RequestSource;
import dev.roster.password.HashingPool;
import dev.roster.password.PasswordHasher;
import dev.roster.password.PasswordPolicy;
import dev.roster.user.RefusedException;
import dev.roster.user.Role;
import dev.roster.user.StoredUser;
import dev.roster.user.UserIds;
import org.jdbi.v3.core.Jdbi;

/** Adds users. Thread-safe. */
public final class RegisterUserHandler {
    private final Jdbi jdbi;
    private final UserIds ids;
    private final PasswordPolicy policy;
    private final PasswordHasher hasher;
    private final HashingPool hashing;
    private final AuditEvents audit;

    public RegisterUserHandler(
            Jdbi jdbi,
            UserIds ids,
            PasswordPolicy policy,
            PasswordHasher hasher,
            HashingPool hashing,
            AuditEvents audit) {
        this.jdbi = jdbi;
        this.ids = ids;
        this.policy = policy;
        this.hasher = hasher;
        this.hashing = hashing;
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID}, {@code EMAIL_TAKEN}, {@code UNAVAILABLE} */
    public StoredUser handle(RegisterUser command, RequestSource source) {
        String name = command.name().value();
        String email = command.email().value();
        String role =
                command.role() == null ? Role.DEFAULT.value() : command.role().value();
        String objection = policy.objection(command.password(), name, email);
        if (objection != null) {
            throw RefusedException.invalid("password", objection);
        }
        // It is the index that decides. To look before it spares hashes: here, where a database that does not answer
        // keeps nobody in the queue; and again in its turn, so that of many who race for an address few hash.
        refuseTaken(email);
        return hashing.run(() -> {
            refuseTaken(email);
            String passwordHash = hasher.hash(command.password());
            return EmailTaken.unless(() -> jdbi.inTransaction(handle -> {
                StoredUser user = handle.attach(UserCommands.class).insert(ids.next(), name, email, role, passwordHash);
                audit.write(handle, AuditEvent.by(user.user().id(), AuditEvent.Type.REGISTERED, source));
                return user;
            }));
        });
    }

    private void refuseTaken(String email) {
        if (jdbi.withExtension(UserCommands.class, users -> users.isEmailTaken(email))) {
            throw EmailTaken.refusal();
        }
    }
}
