package dev.roster.command.user;

import dev.roster.http.RequestSource;
import dev.roster.password.HashingPool;
import dev.roster.password.PasswordHasher;
import dev.roster.password.PasswordPolicy;
import dev.roster.user.RefusedException;
import dev.roster.user.Role;
import dev.roster.user.StoredUser;
import dev.roster.user.UserIds;

/** Adds users. Thread-safe. */
public final class RegisterUserHandler {
    private final UserCommands users;
    private final UserIds ids;
    private final PasswordPolicy policy;
    private final PasswordHasher hasher;
    private final HashingPool hashing;

    public RegisterUserHandler(
            UserCommands users, UserIds ids, PasswordPolicy policy, PasswordHasher hasher, HashingPool hashing) {
        this.users = users;
        this.ids = ids;
        this.policy = policy;
        this.hasher = hasher;
        this.hashing = hashing;
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
            return EmailTaken.unless(() -> users.insert(ids.next(), name, email, role, passwordHash));
        });
    }

    private void refuseTaken(String email) {
        if (users.isEmailTaken(email)) {
            throw EmailTaken.refusal();
        }
    }
}
