package dev.roster.command.verification;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.verification.VerificationCommands.AddressOwner;
import dev.roster.http.RequestSource;
import dev.roster.mail.MailLimits;

/**
 * Keeps registrations until somebody proves the address. They reserve nothing: any number of people may register with
 * one address, and so may people who do not own it. Thread-safe.
 */
public final class PendingRegistrations {
    /** Of one address. */
    private static final int MAXIMUM = 5;

    private final Commands commands;
    private final MailLimits limits;
    private final VerificationMails mails;

    PendingRegistrations(Commands commands, MailLimits limits, VerificationMails mails) {
        this.commands = commands;
        this.limits = limits;
        this.mails = mails;
    }

    /**
     * Adds a registration, and sends a link that confirms it. If a user has the address, tells the user instead. The
     * statements are the same. Adds nothing if the address has had as many mails as it may get.
     */
    public void add(PendingRegistration registration, RequestSource source) {
        if (count(registration.email(), source)) {
            PendingRegistration unused = commands.run((handle, effects) -> {
                VerificationCommands rows = handle.attach(VerificationCommands.class);
                String unusedLock = rows.lockAddress(registration.email());
                AddressOwner owner = rows.lockUser(registration.email()).orElse(null);
                rows.add(registration, MAXIMUM, mails.lifetime().toSeconds());
                mails.answer(handle, registration, owner);
                effects.record(AuditEvent.against(
                        owner == null ? null : owner.id(), AuditEvent.Type.REGISTRATION_REQUESTED, source));
                return registration;
            });
        }
    }

    private boolean count(String email, RequestSource source) {
        return commands.run((handle, effects) -> {
            MailLimits.Taken taken = limits.takeRegistration(handle, email);
            effects.recordReached(taken.reached(), null, source);
            return taken.isAllowed();
        });
    }
}
