package dev.roster.command.registration;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.account.RequestThreads;
import dev.roster.command.user.EmailTaken;
import dev.roster.command.user.UserCommands;
import dev.roster.fair.InFlight;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.limit.RegistrationLimit;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Registers users. Thread-safe. */
public final class RegisterUserHandler {
    private final Commands commands;
    private final RegistrationLimit limit;
    private final Ids ids;
    private final PasswordChecks passwords;
    private final UserCreation creation;
    private final RequestThreads threads;
    private final InFlight<Key, StoredUser> registering = new InFlight<>();

    public RegisterUserHandler(
            Commands commands,
            RegistrationLimit limit,
            Ids ids,
            PasswordChecks passwords,
            UserCreation creation,
            RequestThreads threads) {
        this.commands = commands;
        this.limit = limit;
        this.ids = ids;
        this.passwords = passwords;
        this.creation = creation;
        this.threads = threads;
    }

    /**
     * @return the new user; or {@code TOO_MANY_REQUESTS}, {@code EMAIL_TAKEN}, {@code UNAVAILABLE} as a {@link
     *     RefusedException}
     * @throws RefusedException {@code INVALID}
     */
    public CompletableFuture<StoredUser> handle(RegisterUser command, RequestSource source) {
        creation.requireFittingPassword(command.user());
        RequestThreads.Parts parts = threads.partsOf(source);
        UUID id = ids.next();
        return parts.run(() -> {
                    count(command, source);
                    return new Begun(register(id, command, source, parts));
                })
                .thenCompose(Begun::result)
                .thenApply(first -> {
                    if (!first.user().id().equals(id)) {
                        throw EmailTaken.refusal();
                    }
                    return first;
                });
    }

    private void count(RegisterUser command, RequestSource source) {
        List<String> unused = commands.run((handle, effects) -> {
            List<String> reached = limit.take(handle, command.email().value(), source.ip());
            for (String name : reached) {
                effects.record(AuditEvent.against(null, AuditEvent.Type.LIMIT_HIT, source)
                        .with(name));
            }
            return reached;
        });
    }

    /** Registers the user, unless the same client is registering the address already. Returns who got the address. */
    private CompletableFuture<StoredUser> register(
            UUID id, RegisterUser command, RequestSource source, RequestThreads.Parts parts) {
        String email = command.email().value();
        // The unique index decides. Looking first saves a hash, and of many who race for an address only one hashes.
        if (commands.statement(UserCommands.class, users -> users.isEmailTaken(email))) {
            throw EmailTaken.refusal();
        }
        return registering.run(parts.client(), new Key(parts.client(), email.toLowerCase(Locale.ROOT)), () -> passwords
                .hash(command.password(), source)
                .thenCompose(hash -> parts.run(() -> creation.create(
                        id, command.user(), hash, AuditEvent.by(id, AuditEvent.Type.REGISTERED, source)))));
    }

    /** Includes the client, so that nobody is refused because another client has too many requests. */
    private record Key(String client, String email) {}

    /** A registration that has begun. */
    private record Begun(CompletableFuture<StoredUser> result) {}
}
