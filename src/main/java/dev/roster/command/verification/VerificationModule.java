package dev.roster.command.verification;

import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.session.SessionModule;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.Purge;
import dev.roster.host.Room;
import dev.roster.mail.MailModule;
import dev.roster.token.TokenAuthenticator;

/** Proofs of addresses, if mail is on, and registrations that wait for one. */
public final class VerificationModule implements Room {
    private final DatabaseModule database;
    private final MailModule mail;
    private final VerificationMails mails;
    private final PendingRegistrations registrations;
    private final VerificationResource resource;

    public VerificationModule(
            DatabaseModule database,
            Commands commands,
            AccountModule accounts,
            SessionModule sessions,
            MailModule mail,
            TokenAuthenticator authenticator) {
        this.database = database;
        this.mail = mail;
        this.mails = new VerificationMails(mail);
        this.registrations = new PendingRegistrations(commands, mail.limits(), mails);
        this.resource = new VerificationResource(
                new RequestVerificationHandler(commands, mail.limits(), mails),
                new ConfirmVerificationHandler(
                        commands,
                        mail.tokens(),
                        accounts.threads(),
                        new AddressProof(commands, mail.tokens(), sessions.ending()),
                        new RegistrationProof(commands, mail.tokens(), accounts.passwords())),
                authenticator);
    }

    /** Returns true if people must prove their address before they are users. */
    public boolean isRequired() {
        return mail.configuration().isRegistrationProven();
    }

    public VerificationMails mails() {
        return mails;
    }

    public PendingRegistrations registrations() {
        return registrations;
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(VerificationCommands.class);
        host.purge(new Purge("pending_registrations", limit -> database.commands()
                .withExtension(VerificationCommands.class, rows -> rows.purge(limit))));
        if (mail.isOn()) {
            host.jersey(resource);
        }
    }
}
