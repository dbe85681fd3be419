package dev.roster.command.registration;

import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.account.RequestThreads;
import dev.roster.command.verification.PendingRegistration;
import dev.roster.command.verification.PendingRegistrations;
import dev.roster.http.EvenTime;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.refusal.RefusedException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Registers people who must prove their address before they are users. Thread-safe. */
final class RequestRegistrationHandler {
    private final RegistrationCount count;
    private final Ids ids;
    private final PasswordChecks passwords;
    private final RequestThreads threads;
    private final UserCreation creation;
    private final PendingRegistrations pending;

    RequestRegistrationHandler(
            Commands commands, Ids ids, AccountModule accounts, UserCreation creation, PendingRegistrations pending) {
        this.count = new RegistrationCount(commands, accounts.registrations());
        this.ids = ids;
        this.passwords = accounts.passwords();
        this.threads = accounts.threads();
        this.creation = creation;
        this.pending = pending;
    }

    /**
     * @return the id of the registration; or {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE} as a {@link
     *     RefusedException}
     * @throws RefusedException {@code INVALID}
     */
    CompletableFuture<UUID> handle(RegisterUser command, RequestSource source) {
        NewUser user = command.user();
        creation.requireFittingPassword(user);
        RequestThreads.Parts parts = threads.partsOf(source);
        return parts.run(() -> begin(command, source))
                .thenCompose(Begun::hash)
                .thenCompose(hash -> add(user, hash, source, parts));
    }

    private Begun begin(RegisterUser command, RequestSource source) {
        count.take(command.email(), source);
        return new Begun(passwords.hash(command.password(), source));
    }

    private CompletableFuture<UUID> add(NewUser user, String hash, RequestSource source, RequestThreads.Parts parts) {
        EvenTime time = new EvenTime();
        return parts.run(() -> add(user, hash, source)).thenCompose(time::delay);
    }

    private UUID add(NewUser user, String hash, RequestSource source) {
        UUID id = ids.next();
        pending.add(
                new PendingRegistration(
                        id,
                        user.name().value(),
                        user.email().value(),
                        user.roleOrDefault().value(),
                        user.profile().text(),
                        hash),
                source);
        return id;
    }

    /** A password whose hash has begun. */
    private record Begun(CompletableFuture<String> hash) {}
}
