package dev.roster.command.registration;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.user.EmailTaken;
import dev.roster.command.user.UserCommands;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.limit.LimitKeys;
import dev.roster.limit.RegistrationLimit;
import dev.roster.password.InFlight;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Registers users. Thread-safe. */
public final class RegisterUserHandler {
    private static final int MAX_REGISTERING = 256;

    private final Commands commands;
    private final RegistrationLimit limit;
    private final Ids ids;
    private final PasswordChecks passwords;
    private final UserCreation creation;
    private final InFlight<String, StoredUser> registering = new InFlight<>(MAX_REGISTERING, MAX_REGISTERING);

    public RegisterUserHandler(
            Commands commands, RegistrationLimit limit, Ids ids, PasswordChecks passwords, UserCreation creation) {
        this.commands = commands;
        this.limit = limit;
        this.ids = ids;
        this.passwords = passwords;
        this.creation = creation;
    }

    /** @throws RefusedException {@code INVALID}, {@code TOO_MANY_REQUESTS}, {@code EMAIL_TAKEN}, {@code UNAVAILABLE} */
    public StoredUser handle(RegisterUser command, RequestSource source) {
        creation.requireFittingPassword(command);
        String email = command.email().value();
        List<String> unused = commands.run((handle, effects) -> {
            List<String> reached = limit.take(handle, email, source.ip());
            for (String name : reached) {
                effects.record(AuditEvent.against(null, AuditEvent.Type.LIMIT_HIT, source)
                        .with(name));
            }
            return reached;
        });
        // The unique index decides. Looking first saves a hash, and of many who race for an address only one hashes.
        if (commands.statement(UserCommands.class, users -> users.isEmailTaken(email))) {
            throw EmailTaken.refusal();
        }
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
}
