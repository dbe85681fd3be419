package dev.roster.command.verification;

import dev.roster.command.Commands;
import dev.roster.command.account.RequestThreads;
import dev.roster.http.RequestSource;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import dev.roster.mail.token.TokenOwner;
import dev.roster.refusal.RefusedException;
import dev.roster.token.AccessToken;
import dev.roster.user.StoredUser;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Proves an address with the token of a mail. Thread-safe. */
public final class ConfirmVerificationHandler {
    private final Commands commands;
    private final MailTokens tokens;
    private final RequestThreads threads;
    private final AddressProof address;
    private final RegistrationProof registration;

    ConfirmVerificationHandler(
            Commands commands,
            MailTokens tokens,
            RequestThreads threads,
            AddressProof address,
            RegistrationProof registration) {
        this.commands = commands;
        this.tokens = tokens;
        this.threads = threads;
        this.address = address;
        this.registration = registration;
    }

    /**
     * @param caller who is logged in where the link is opened; null if nobody is
     * @return the user, if the token made one of a pending registration; or {@code INVALID}, {@code
     *     INVALID_CREDENTIALS}, {@code TOO_MANY_REQUESTS}, {@code EMAIL_TAKEN}, {@code UNAVAILABLE} as a {@link
     *     RefusedException}
     */
    public CompletableFuture<Optional<StoredUser>> handle(
            ConfirmVerification command, @Nullable AccessToken caller, RequestSource source) {
        RequestThreads.Parts parts = threads.partsOf(source);
        return parts.run(() -> begin(command, caller, source))
                .thenCompose(begun -> begun.isPresent()
                        ? finish(begun.get(), source, parts)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    /** Returns empty if the token belongs to a user, whose address is proven now. */
    private Optional<RegistrationProof.Attempt> begin(
            ConfirmVerification command, @Nullable AccessToken caller, RequestSource source) {
        Optional<TokenOwner> owner =
                commands.run((handle, effects) -> tokens.find(handle, Purpose.VERIFY, command.token()));
        if (owner.isPresent()) {
            address.accept(owner.get(), caller, source);
            return Optional.empty();
        }
        return Optional.of(registration.begin(command, source));
    }

    private CompletableFuture<Optional<StoredUser>> finish(
            RegistrationProof.Attempt attempt, RequestSource source, RequestThreads.Parts parts) {
        return attempt.check()
                .thenCompose(check -> parts.run(() -> Optional.of(registration.finish(attempt, check, source))));
    }
}
