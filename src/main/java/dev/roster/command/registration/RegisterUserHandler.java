package dev.roster.command.registration;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.account.RequestThreads;
import dev.roster.command.user.EmailTaken;
import dev.roster.command.user.UserCommands;
import dev.roster.command.verification.VerificationMails;
import dev.roster.fair.InFlight;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Registers users. Thread-safe. */
public final class RegisterUserHandler {
    private final Commands commands;
    private final RegistrationCount count;
    private final Ids ids;
    private final PasswordChecks passwords;
    private final UserCreation creation;
    private final RequestThreads threads;
    private final VerificationMails mails;
    private final InFlight<Key, StoredUser> registering = new InFlight<>();

    RegisterUserHandler(
            Commands commands, Ids ids, AccountModule accounts, UserCreation creation, VerificationMails mails) {
        this.commands = commands;
        this.count = new RegistrationCount(commands, accounts.registrations());
        this.ids = ids;
        this.passwords = accounts.passwords();
        this.creation = creation;
        this.threads = accounts.threads();
        this.mails = mails;
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
                    count.take(command.email(), source);
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

    /** Registers the user, unless the same client is registering the address already. Returns who got the address. */
    private CompletableFuture<StoredUser> register(
            UUID id, RegisterUser command, RequestSource source, RequestThreads.Parts parts) {
        String email = command.email().value();
        // The unique index decides. Looking first saves a hash, and of many who race for an address only one hashes.
        if (commands.read(UserCommands.class, users -> users.isEmailTaken(email))) {
            throw EmailTaken.refusal();
        }
        return registering.run(parts.client(), new Key(parts.client(), email.toLowerCase(Locale.ROOT)), () -> passwords
                .hash(command.password(), source)
                .thenCompose(hash -> parts.run(() -> creation.create(
                        id,
                        command.user(),
                        hash,
                        AuditEvent.by(id, AuditEvent.Type.REGISTERED, source),
                        (handle, effects, user) -> mails.welcome(handle, effects, user, source)))));
    }

    /** Includes the client, so that nobody is refused because another client has too many requests. */
    private record Key(String client, String email) {}

    /** A registration that has begun. */
    private record Begun(CompletableFuture<StoredUser> result) {}
}
