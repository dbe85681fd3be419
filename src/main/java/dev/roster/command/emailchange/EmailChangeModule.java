package dev.roster.command.emailchange;

import dev.roster.command.Commands;
import dev.roster.command.session.SessionModule;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.mail.MailModule;

/** Confirms and reverts changes of addresses, if mail is on. */
public final class EmailChangeModule implements Room {
    private final DatabaseModule database;
    private final boolean isOn;
    private final EmailChangeResource resource;

    public EmailChangeModule(DatabaseModule database, Commands commands, SessionModule sessions, MailModule mail) {
        this.database = database;
        this.isOn = mail.isOn();
        this.resource = new EmailChangeResource(
                new ConfirmEmailChangeHandler(commands, mail.tokens(), mail.addressMails()),
                new RevertEmailChangeHandler(commands, sessions.ending(), mail));
    }

    @Override
    public void plugInto(Host host) {
        if (isOn) {
            database.prepare(EmailChangeCommands.class);
            host.jersey(resource);
        }
    }
}
