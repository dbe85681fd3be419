package dev.roster.command.emailchange;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.session.SessionEnding;
import dev.roster.command.user.EmailTaken;
import dev.roster.http.RequestSource;
import dev.roster.mail.AddressMails;
import dev.roster.mail.MailModule;
import dev.roster.mail.PasswordMails;
import dev.roster.mail.token.InvalidToken;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import dev.roster.mail.token.TokenOwner;
import dev.roster.refusal.RefusedException;
import dev.roster.user.User;
import java.util.UUID;

/**
 * Gives an account back to the owner of an address that it had, or keeps the address before another replaces it. Ends
 * all sessions, requires a new password, and sends a link to set it. Thread-safe.
 */
public final class RevertEmailChangeHandler {
    private static final String REVERTED = "email_change_reverted";

    private final Commands commands;
    private final SessionEnding ending;
    private final MailTokens tokens;
    private final AddressMails addressMails;
    private final PasswordMails passwordMails;

    public RevertEmailChangeHandler(Commands commands, SessionEnding ending, MailModule mail) {
        this.commands = commands;
        this.ending = ending;
        this.tokens = mail.tokens();
        this.addressMails = mail.addressMails();
        this.passwordMails = mail.passwordMails();
    }

    /**
     * @throws RefusedException {@code INVALID} if the token does not work; {@code EMAIL_TAKEN}, which leaves the token
     *     as it was
     */
    public void handle(EmailChangeToken command, RequestSource source) {
        UUID unused = EmailTaken.unless(() -> commands.run((handle, effects) -> {
            TokenOwner claim =
                    tokens.find(handle, Purpose.REVERT, command.token()).orElseThrow(InvalidToken::refusal);
            UUID id = claim.userId();
            User before = ClaimedAddress.lock(handle, claim);
            handle.attach(EmailChangeCommands.class).revert(id, claim.address());
            effects.changed(id);
            effects.record(AuditEvent.by(id, AuditEvent.Type.EMAIL_CHANGE_REVERTED, source));
            ending.endAll(handle, effects, id, source, REVERTED);
            if (!tokens.use(handle, claim.tokenId())) {
                throw InvalidToken.refusal(); // another request with the same token was first
            }
            addressMails.tellReverted(handle, claim, before);
            passwordMails.sendReset(handle, id, claim.address());
            return id;
        }));
    }
}
