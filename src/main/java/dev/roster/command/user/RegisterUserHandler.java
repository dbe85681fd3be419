package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.account.PasswordChecks;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.limit.LimitKeys;
import dev.roster.limit.RegistrationLimit;
import dev.roster.password.InFlight;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Adds users. Thread-safe. */
public final class RegisterUserHandler {
    private static final int MAX_REGISTERING = 256;

    private final Jdbi jdbi;
    private final RegistrationLimit limit;
    private final Ids ids;
    private final PasswordChecks passwords;
    private final UserCreation creation;
    private final AuditEvents audit;
    private final InFlight<String, StoredUser> registering = new InFlight<>(MAX_REGISTERING, MAX_REGISTERING);

    public RegisterUserHandler(
            Jdbi jdbi,
            RegistrationLimit limit,
            Ids ids,
            PasswordChecks passwords,
            UserCreation creation,
            AuditEvents audit) {
        this.jdbi = jdbi;
        this.limit = limit;
        this.ids = ids;
        this.passwords = passwords;
        this.creation = creation;
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID}, {@code TOO_MANY_REQUESTS}, {@code EMAIL_TAKEN}, {@code UNAVAILABLE} */
    public StoredUser handle(RegisterUser command, RequestSource source) {
        creation.requireFittingPassword(command);
        String email = command.email().value();
        jdbi.useTransaction(handle -> {
            for (String reached : limit.take(handle, email, source.ip())) {
                audit.write(
                        handle,
                        AuditEvent.against(null, AuditEvent.Type.LIMIT_HIT, source)
                                .with(reached));
            }
        });
        // It is the index that decides. To look before it spares hashes; and of many who race for an address one
        // hashes.
        refuseTaken(email);
        UUID id = ids.next();
        StoredUser first = registering.run(
                LimitKeys.network(source.ip()),
                email.toLowerCase(Locale.ROOT),
                () -> creation.create(
                        id,
                        command,
                        passwords.hash(command.password(), source),
                        AuditEvent.by(id, AuditEvent.Type.REGISTERED, source)));
        if (!first.user().id().equals(id)) {
            throw EmailTaken.refusal();
        }
        return first;
    }

    private void refuseTaken(String email) {
        if (jdbi.withExtension(UserCommands.class, users -> users.isEmailTaken(email))) {
            throw EmailTaken.refusal();
        }
    }
}
