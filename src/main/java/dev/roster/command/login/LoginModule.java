package dev.roster.command.login;

import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.session.SessionModule;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.revocation.RevocationModule;
import dev.roster.token.TokenModule;

/** Logging in with a password, and logging out. */
public final class LoginModule implements Room {
    private final DatabaseModule database;
    private final LogInHandler logIn;
    private final LogOutHandler logOut;

    public LoginModule(
            DatabaseModule database,
            Commands commands,
            AccountModule accounts,
            SessionModule sessions,
            TokenModule tokens,
            RevocationModule revocation) {
        this.database = database;
        this.logIn = new LogInHandler(commands, accounts.passwords(), sessions.opening(), accounts.threads());
        this.logOut = new LogOutHandler(commands, tokens, revocation.revoked(), sessions.ending());
    }

    public LogOutHandler logOut() {
        return logOut;
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(LoginCommands.class);
        database.map(UserWithHash.class, (row, context) -> UserWithHash.read(row));
        database.map(OpenedLogin.class, (row, context) -> OpenedLogin.read(row));
        host.jersey(new LoginResource(logIn));
        host.jersey(new LogOutResource(logOut));
    }
}
