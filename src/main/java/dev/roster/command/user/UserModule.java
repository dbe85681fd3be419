package dev.roster.command.user;

import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.session.SessionModule;
import dev.roster.database.DatabaseModule;
import dev.roster.host.BodyType;
import dev.roster.host.Host;
import dev.roster.host.PersonalData;
import dev.roster.host.PersonalData.Reason;
import dev.roster.host.Room;
import dev.roster.mail.MailModule;
import dev.roster.user.StoredUser;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Changing and deleting users. */
public final class UserModule implements Room {
    private final DatabaseModule database;
    private final UserDeletion deletion;
    private final MailModule mail;
    private final UpdateUserHandler update;
    private final DeleteUserHandler delete;

    public UserModule(
            DatabaseModule database,
            Commands commands,
            AccountModule accounts,
            SessionModule sessions,
            UserDeletion deletion,
            MailModule mail) {
        this.database = database;
        this.deletion = deletion;
        this.mail = mail;
        EmailChanges emails = new EmailChanges(mail);
        CurrentPasswords passwords = new CurrentPasswords(commands, accounts, emails, mail.passwordMails());
        this.update = new UpdateUserHandler(commands, accounts, passwords, emails, sessions.ending());
        this.delete = new DeleteUserHandler(commands, accounts.ownership(), deletion);
    }

    public UserDeletion deletion() {
        return deletion;
    }

    public MailModule mail() {
        return mail;
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(UserCommands.class, UserUpdates.class);
        database.map(StoredUser.class, (row, context) -> StoredUser.read(row));
        database.map(UserUpdates.Updated.class, (row, context) -> UserUpdates.Updated.read(row));
        host.bodyType(new BodyType<>(UUID.class, UserChanges::parseId, new UUID(0, 0)));
        host.bodyType(new BodyType<>(Instant.class, UserChanges::parseTime, Instant.EPOCH));
        host.jersey(new UserCommandResource(update, delete));
        host.personalData(
                new PersonalData("user", List.of("users"), (handle, userId) -> handle.createQuery("""
                                SELECT id, name, email, role, profile, metadata, created_at, updated_at, version,
                                       disabled_at, disabled_until, disabled_reason, password_reset_required_at,
                                       email_verified_at, pending_email
                                  FROM users
                                 WHERE id = :id
                                """), true, Map.of())
                        .without(Reason.SECRETS, "users.password_hash")
                        .without(Reason.MADE_OF_WHAT_IS_HERE, "users.email_key", "users.name_key"));
    }
}
