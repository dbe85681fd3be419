package dev.roster.command.reset;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.account.RequestThreads;
import dev.roster.command.session.SessionEnding;
import dev.roster.http.RequestSource;
import dev.roster.limit.Guess;
import dev.roster.mail.PasswordMails;
import dev.roster.mail.token.InvalidToken;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import dev.roster.mail.token.TokenOwner;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Sets a new password with the token of a mail, and ends all sessions of the user. Clears the count of wrong passwords,
 * because people who request a link have often entered some. Thread-safe.
 */
public final class ResetPasswordHandler {
    private static final String PASSWORD_RESET = "password_reset";

    private final Commands commands;
    private final PasswordPolicy policy;
    private final PasswordChecks passwords;
    private final RequestThreads threads;
    private final SessionEnding ending;
    private final MailTokens tokens;
    private final PasswordMails mails;

    public ResetPasswordHandler(
            Commands commands, AccountModule accounts, SessionEnding ending, MailTokens tokens, PasswordMails mails) {
        this.commands = commands;
        this.policy = accounts.policy();
        this.passwords = accounts.passwords();
        this.threads = accounts.threads();
        this.ending = ending;
        this.tokens = tokens;
        this.mails = mails;
    }

    /**
     * @return the id of the user; or a {@link RefusedException}: {@code INVALID} if the token does not work, or the
     *     policy rejects the password, which leaves the token as it was; {@code UNAVAILABLE}
     */
    public CompletableFuture<UUID> handle(ResetPassword command, RequestSource source) {
        RequestThreads.Parts parts = threads.partsOf(source);
        return parts.run(() -> begin(command, source)).thenCompose(begun -> begun.hash()
                .thenCompose(hash -> parts.run(() -> finish(begun.owner(), hash, source))));
    }

    private Begun begin(ResetPassword command, RequestSource source) {
        TokenOwner owner = commands.run((handle, effects) -> tokens.find(handle, Purpose.RESET, command.token()))
                .orElseThrow(InvalidToken::refusal);
        Reason objection = policy.objection(command.password(), owner.name(), owner.address());
        if (objection != null) {
            throw RefusedException.invalid("password", objection);
        }
        return new Begun(owner, passwords.hash(command.password(), source));
    }

    private UUID finish(TokenOwner owner, String hash, RequestSource source) {
        return commands.run((handle, effects) -> {
            UUID id = owner.userId();
            if (!handle.attach(ResetCommands.class).setPassword(id, owner.address(), hash)) {
                throw InvalidToken.refusal(); // the user was deleted, or has another address, since the check
            }
            effects.changed(id);
            effects.record(AuditEvent.by(id, AuditEvent.Type.PASSWORD_RESET, source));
            ending.endAll(handle, effects, id, source, PASSWORD_RESET);
            if (!tokens.use(handle, owner.tokenId())) {
                throw InvalidToken.refusal(); // another request with the same token was first
            }
            mails.tellChanged(handle, id, owner.address());
            passwords.clear(handle, Guess.at(new EmailAddress(owner.address()), id, source.ip()));
            return id;
        });
    }

    /** A new password whose hash has begun. */
    private record Begun(TokenOwner owner, CompletableFuture<String> hash) {}
}
