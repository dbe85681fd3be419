package dev.roster.command.reset;

import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.session.SessionModule;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.mail.MailModule;

/** Password resets, if mail is on. */
public final class ResetModule implements Room {
    private final DatabaseModule database;
    private final boolean isOn;
    private final ResetResource resource;

    public ResetModule(
            DatabaseModule database,
            Commands commands,
            AccountModule accounts,
            SessionModule sessions,
            MailModule mail) {
        this.database = database;
        this.isOn = mail.isOn();
        this.resource = new ResetResource(
                new RequestResetHandler(commands, mail.limits(), mail.passwordMails()),
                new ResetPasswordHandler(commands, accounts, sessions.ending(), mail.tokens(), mail.passwordMails()));
    }

    @Override
    public void plugInto(Host host) {
        if (isOn) {
            database.prepare(ResetCommands.class);
            host.jersey(resource);
        }
    }
}
