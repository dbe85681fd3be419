package dev.roster.command.account;

import dev.roster.command.Commands;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.limit.LimitModule;
import dev.roster.password.PasswordModule;
import dev.roster.revocation.RevocationModule;
import dev.roster.token.TokenModule;

/** The checks that commands about accounts share: of ownership, and of the current password. */
public final class AccountModule implements Room {
    private final Ownership ownership;
    private final PasswordChecks passwords;
    private final DatabaseModule database;

    public AccountModule(
            DatabaseModule database,
            Commands commands,
            TokenModule tokens,
            RevocationModule revocation,
            PasswordModule passwords,
            LimitModule limits) {
        this.database = database;
        this.ownership = new Ownership(commands, tokens.accessTokens(), revocation.revocations());
        this.passwords = new PasswordChecks(commands, limits.guesses(), passwords.hasher(), passwords.hashing());
    }

    public Ownership ownership() {
        return ownership;
    }

    public PasswordChecks passwords() {
        return passwords;
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(UserLocks.class);
    }
}
