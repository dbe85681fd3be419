package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.RefusedException;
import dev.roster.user.Role;
import dev.roster.user.StoredUser;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** What it is to add a user, whoever does it. Thread-safe. */
public final class UserCreation {
    private final Jdbi jdbi;
    private final PasswordPolicy policy;
    private final AuditEvents audit;

    public UserCreation(Jdbi jdbi, PasswordPolicy policy, AuditEvents audit) {
        this.jdbi = jdbi;
        this.policy = policy;
        this.audit = audit;
    }

    /**
     * To be asked before the password is hashed.
     *
     * @throws RefusedException {@code INVALID} where the password is not one for this person
     */
    public void requireFittingPassword(RegisterUser user) {
        String objection = policy.objection(
                user.password(), user.name().value(), user.email().value());
        if (objection != null) {
            throw RefusedException.invalid("password", objection);
        }
    }

    /**
     * Adds the user and writes it down, in one transaction.
     *
     * @throws RefusedException {@code EMAIL_TAKEN}
     */
    public StoredUser create(UUID id, RegisterUser user, String passwordHash, AuditEvent event) {
        String role = user.role() == null ? Role.DEFAULT.value() : user.role().value();
        return EmailTaken.unless(() -> jdbi.inTransaction(handle -> {
            StoredUser stored = handle.attach(UserCommands.class)
                    .insert(id, user.name().value(), user.email().value(), role, passwordHash);
            audit.write(handle, event);
            return stored;
        }));
    }
}
