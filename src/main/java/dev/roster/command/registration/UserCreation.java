package dev.roster.command.registration;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.user.EmailTaken;
import dev.roster.command.user.UserCommands;
import dev.roster.password.NewPassword;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;
import dev.roster.user.Roles;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Creates users, for registrations and for operators. Thread-safe. */
public final class UserCreation {
    private final Commands commands;
    private final PasswordPolicy policy;
    private final Roles roles;

    public UserCreation(Commands commands, PasswordPolicy policy, Roles roles) {
        this.commands = commands;
        this.policy = policy;
        this.roles = roles;
    }

    /** Which passwords are allowed. */
    public PasswordPolicy policy() {
        return policy;
    }

    /** Which roles there are. */
    public Roles roles() {
        return roles;
    }

    /**
     * Checks the password against the person's name and address. Call it before hashing the password.
     *
     * @throws RefusedException {@code INVALID} if the policy rejects the password for this name or address
     */
    public void requireFittingPassword(NewUser user) {
        if (user.password() != null) {
            requireFittingPassword(
                    user.password(), user.name().value(), user.email().value());
        }
    }

    /** The same for a person with this name and address. */
    public void requireFittingPassword(NewPassword password, String name, String email) {
        Reason objection = policy.objection(password, name, email);
        if (objection != null) {
            throw RefusedException.invalid("password", objection);
        }
    }

    /**
     * Adds a user.
     *
     * @param passwordHash null if the user has no password
     * @param event recorded in the same transaction
     * @throws RefusedException {@code EMAIL_TAKEN}
     */
    public StoredUser create(UUID id, NewUser user, @Nullable String passwordHash, AuditEvent event) {
        return create(id, user, passwordHash, event, (handle, effects, created) -> {});
    }

    /**
     * The same.
     *
     * @param follow what else the transaction does
     */
    public StoredUser create(UUID id, NewUser user, @Nullable String passwordHash, AuditEvent event, Follow follow) {
        return EmailTaken.unless(() -> commands.run((handle, effects) -> {
            effects.record(event);
            StoredUser created = handle.attach(UserCommands.class)
                    .insert(
                            id,
                            user.name().value(),
                            user.email().value(),
                            user.roleOrDefault().value(),
                            passwordHash,
                            user.profile().text());
            follow.run(handle, effects, created.user());
            return created;
        }));
    }

    /** Further work in the transaction of a creation. */
    @FunctionalInterface
    public interface Follow {
        void run(Handle handle, Effects effects, User created);
    }
}
