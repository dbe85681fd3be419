package dev.roster.command.verification;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.verification.VerificationCommands.AddressOwner;
import dev.roster.command.verification.VerificationCommands.Renewed;
import dev.roster.http.RequestSource;
import dev.roster.mail.MailLimits;
import dev.roster.mail.token.Purpose;
import dev.roster.refusal.RefusedException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Sends a link that proves an address: to the user who has not proven it yet or, if no user has it, for the newest
 * pending registration. Otherwise the answer and the statements are the same. Thread-safe.
 */
public final class RequestVerificationHandler {
    private final Commands commands;
    private final MailLimits limits;
    private final VerificationMails mails;

    RequestVerificationHandler(Commands commands, MailLimits limits, VerificationMails mails) {
        this.commands = commands;
        this.limits = limits;
        this.mails = mails;
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} */
    public void handle(RequestVerification command, RequestSource source) {
        String email = command.email().value();
        if (count(email, source)) {
            Recipient unused = commands.run((handle, effects) -> {
                Recipient recipient = find(handle, email);
                mails.sendLink(handle, recipient);
                effects.record(AuditEvent.against(recipient.userId(), AuditEvent.Type.VERIFICATION_REQUESTED, source));
                return recipient;
            });
        }
    }

    /** Returns whether the address may get a mail. */
    private boolean count(String email, RequestSource source) {
        return commands.run((handle, effects) -> {
            MailLimits.Taken taken = limits.take(handle, Purpose.VERIFY, email, source.ip());
            effects.recordReached(taken.reached(), null, source);
            return taken.isAllowed();
        });
    }

    private Recipient find(Handle handle, String email) {
        VerificationCommands rows = handle.attach(VerificationCommands.class);
        String unusedLock = rows.lockAddress(email);
        Optional<AddressOwner> owner = rows.lockUser(email);
        Optional<Renewed> pending = rows.renewNewest(email, mails.lifetime().toSeconds());
        if (owner.isPresent()) {
            AddressOwner user = owner.get();
            return user.isVerified() ? Recipient.NOBODY : Recipient.user(user.id(), user.email());
        }
        return pending.map(renewed -> Recipient.pending(renewed.id(), renewed.email()))
                .orElse(Recipient.NOBODY);
    }
}
