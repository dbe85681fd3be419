package dev.roster.command.reset;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.reset.ResetCommands.Recipient;
import dev.roster.http.RequestSource;
import dev.roster.mail.MailLimits;
import dev.roster.mail.PasswordMails;
import dev.roster.mail.token.Purpose;
import dev.roster.refusal.RefusedException;

/**
 * If a user has the address, sends a link to set a new password. If none has it, the answer and the statements are the
 * same. Thread-safe.
 */
public final class RequestResetHandler {
    /** Written if no user has the address. Leaves the address out, because it may belong to a person. */
    private static final Recipient NOBODY = new Recipient(null, "");

    private final Commands commands;
    private final MailLimits limits;
    private final PasswordMails mails;

    public RequestResetHandler(Commands commands, MailLimits limits, PasswordMails mails) {
        this.commands = commands;
        this.limits = limits;
        this.mails = mails;
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} */
    public void handle(RequestReset command, RequestSource source) {
        String email = command.email().value();
        if (count(email, source)) {
            Recipient unused = commands.run((handle, effects) -> {
                ResetCommands resets = handle.attach(ResetCommands.class);
                String unusedLock = resets.lockAddress(email);
                Recipient recipient = resets.lockUser(email).orElse(NOBODY);
                mails.sendReset(handle, recipient.id(), recipient.email());
                effects.record(AuditEvent.against(recipient.id(), AuditEvent.Type.PASSWORD_RESET_REQUESTED, source));
                return recipient;
            });
        }
    }

    /** Returns whether the address may get a mail. */
    private boolean count(String email, RequestSource source) {
        return commands.run((handle, effects) -> {
            MailLimits.Taken taken = limits.take(handle, Purpose.RESET, email, source.ip());
            effects.recordReached(taken.reached(), null, source);
            return taken.isAllowed();
        });
    }
}
