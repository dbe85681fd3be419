package dev.roster.command.emailchange;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.user.EmailTaken;
import dev.roster.http.RequestSource;
import dev.roster.mail.AddressMails;
import dev.roster.mail.token.InvalidToken;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.Purpose;
import dev.roster.mail.token.TokenOwner;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Gives a user the wanted address, with the token of the mail that was sent there. Thread-safe. */
public final class ConfirmEmailChangeHandler {
    private final Commands commands;
    private final MailTokens tokens;
    private final AddressMails mails;

    public ConfirmEmailChangeHandler(Commands commands, MailTokens tokens, AddressMails mails) {
        this.commands = commands;
        this.tokens = tokens;
        this.mails = mails;
    }

    /**
     * Sessions go on: whoever asked for the change has shown the password. Links that were sent to the address of
     * before end, except those that revert the change. If the user has an earlier address again, these end too.
     *
     * @throws RefusedException {@code INVALID} if the token does not work; {@code EMAIL_TAKEN}, which leaves the token
     *     as it was
     */
    public StoredUser handle(EmailChangeToken command, RequestSource source) {
        return EmailTaken.unless(() -> commands.run((handle, effects) -> {
            TokenOwner claim =
                    tokens.find(handle, Purpose.CHANGE, command.token()).orElseThrow(InvalidToken::refusal);
            UUID id = claim.userId();
            User unused = ClaimedAddress.lock(handle, claim);
            StoredUser changed = confirm(handle, claim);
            effects.changed(id);
            effects.record(AuditEvent.by(id, AuditEvent.Type.EMAIL_CHANGED, source));
            boolean unusedReturn = mails.endLinks(handle, id, claim.address());
            return changed;
        }));
    }

    private StoredUser confirm(Handle handle, TokenOwner claim) {
        return handle.attach(EmailChangeCommands.class)
                .confirm(claim.userId(), claim.address())
                .filter(changed -> tokens.use(handle, claim.tokenId()))
                .orElseThrow(InvalidToken::refusal); // another request was first
    }
}
