package dev.roster.command.account;

import dev.roster.command.Commands;
import dev.roster.database.DatabaseModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.limit.Bucket;
import dev.roster.limit.LimitModule;
import dev.roster.limit.RegistrationLimit;
import dev.roster.password.PasswordHasher;
import dev.roster.password.PasswordModule;
import dev.roster.password.PasswordPolicy;
import dev.roster.revocation.RevocationModule;
import dev.roster.token.TokenModule;

/**
 * The parts that all commands about accounts use: the checks of ownership and password, the limit on changes, and the
 * threads of requests that wait for a hash.
 */
public final class AccountModule implements Room {
    private final Ownership ownership;
    private final PasswordPolicy policy;
    private final PasswordHasher hasher;
    private final PasswordChecks passwords;
    private final Bucket changes;
    private final RegistrationLimit registrations;
    private final RequestThreads threads;
    private final DatabaseModule database;

    public AccountModule(
            DatabaseModule database,
            Commands commands,
            TokenModule tokens,
            RevocationModule revocation,
            PasswordModule passwords,
            LimitModule limits) {
        this.database = database;
        this.threads = new RequestThreads(database.configuration().poolWait().toJavaDuration());
        this.ownership = new Ownership(commands, tokens.accessTokens(), revocation.revocations());
        this.policy = passwords.policy();
        this.hasher = passwords.hasher();
        this.passwords = new PasswordChecks(commands, limits.guesses(), hasher, passwords.hashing());
        this.changes = limits.changes();
        this.registrations = limits.registrations();
    }

    public Ownership ownership() {
        return ownership;
    }

    /** Which passwords are allowed. */
    public PasswordPolicy policy() {
        return policy;
    }

    /** For passwords that operators set. */
    public PasswordHasher hasher() {
        return hasher;
    }

    public PasswordChecks passwords() {
        return passwords;
    }

    /** How often one person may change the account. */
    public Bucket changes() {
        return changes;
    }

    /** How many addresses one client may try to register. */
    public RegistrationLimit registrations() {
        return registrations;
    }

    /** For requests that hash a password. */
    public RequestThreads threads() {
        return threads;
    }

    @Override
    public void plugInto(Host host) {
        host.manage(threads);
        database.prepare(UserLocks.class);
    }
}
