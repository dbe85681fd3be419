package dev.roster.command.account;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.fair.FairPool;
import dev.roster.fair.InFlight;
import dev.roster.http.RequestSource;
import dev.roster.http.connection.IpAddress;
import dev.roster.limit.Guess;
import dev.roster.limit.GuessLimit;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordHasher;
import dev.roster.refusal.RefusedException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Checks passwords of accounts, within the limits and on the hash threads. Thread-safe. */
public final class PasswordChecks {
    private final Commands commands;
    private final GuessLimit limit;
    private final PasswordHasher hasher;
    private final FairPool hashing;
    private final InFlight<Key, Check> checks = new InFlight<>();

    public PasswordChecks(Commands commands, GuessLimit limit, PasswordHasher hasher, FairPool hashing) {
        this.commands = commands;
        this.limit = limit;
        this.hasher = hasher;
        this.hashing = hashing;
    }

    /**
     * Refuses an address that this node has just refused, without asking the database.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if this node has just refused the client's address
     */
    public void refuseKnownAddress(RequestSource source) {
        limit.throwIfAddressRecentlyRefused(source.ip());
    }

    /**
     * Asks the limits, and checks a password on a hash thread. Simultaneous checks of the same password for the same
     * account share one hash.
     *
     * @param storedHash null if there is no such account
     * @param next a new password, hashed if {@code password} is right; null if there is none
     * @return the result; or {@code TOO_MANY_REQUESTS} or {@code UNAVAILABLE}
     * @throws RefusedException {@code TOO_MANY_REQUESTS}
     */
    public CompletableFuture<Check> check(
            Guess guess, Password password, @Nullable String storedHash, @Nullable NewPassword next) {
        limit.throwIfRecentlyRefused(guess);
        return checks.run(guess.client(), new Key(guess, password, storedHash, next), () -> {
            GuessLimit.Standing standing = limit.requireAllowed(guess);
            BooleanSupplier verification = hasher.verification(password, storedHash);
            Supplier<String> newHash = newHash(password, storedHash, next);
            return hashing.run(
                    guess.client(),
                    () -> limit.throwIfRecentlyRefused(guess), // again: others may have used up the limit
                    () -> {
                        boolean isRight = verification.getAsBoolean();
                        return new Check(isRight, standing, isRight && newHash != null ? newHash.get() : null);
                    });
        });
    }

    /** Prepares the hash that replaces the stored one if the password is right; null if there is none. */
    private @Nullable Supplier<String> newHash(
            Password password, @Nullable String storedHash, @Nullable NewPassword next) {
        if (next != null) {
            return hasher.newHash(next);
        }
        return storedHash != null && hasher.isOutdated(storedHash) ? hasher.renewedHash(password) : null;
    }

    /**
     * Counts and records a wrong password. Runs the same statements whether or not the account exists.
     *
     * @param event its target is the account's user, or null if there is none
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the limit is used up: the client must not learn that the
     *     password is wrong
     */
    public void refuse(Guess guess, AuditEvent event) {
        UUID userId = event.targetId();
        Boolean unusedResult = commands.run((handle, effects) -> {
            UserLocks users = handle.attach(UserLocks.class);
            String unused = users.lockShared(userId == null ? UserLocks.NOBODY : userId);
            var reached = limit.recordFailure(handle, guess);
            // The user agent of an event that is recorded after the user's deletion would never be removed.
            boolean exists = users.exists(userId == null ? UserLocks.NOBODY : userId);
            if (exists || userId == null) {
                effects.record(event);
                effects.recordReached(reached, userId, event.source());
            }
            return exists;
        });
    }

    /**
     * Clears the account's failures after a right password, and remembers the network. Call it in the transaction that
     * the password authorizes.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if simultaneous guesses have used up a limit
     */
    public void accept(Handle handle, Guess guess, Check check) {
        limit.accept(handle, guess, check.standing());
    }

    /**
     * Asks the limits again after a right password that lets nobody in, and changes nothing.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if simultaneous guesses have used up a limit
     */
    public void confirm(Handle handle, Guess guess, Check check) {
        limit.confirm(handle, guess, check.standing());
    }

    /** Clears the account's failures after its owner has proven the address. */
    public void clear(Handle handle, Guess guess) {
        limit.clear(handle, guess);
    }

    /**
     * Hashes a password on a hash thread.
     *
     * @return the hash; or {@code UNAVAILABLE} if too many requests wait for a hash
     */
    public CompletableFuture<String> hash(NewPassword password, RequestSource source) {
        return hashing.run(IpAddress.network(source.ip()), hasher.newHash(password)::get);
    }

    /**
     * The result of a check.
     *
     * @param standing what the limits hold about the account and the source
     * @param newHash the hash of the new password, or a new hash of the checked password if the stored hash is outdated
     */
    public record Check(
            boolean isRight,
            GuessLimit.Standing standing,
            @Nullable String newHash) {
        @Override
        public String toString() {
            return "Check[isRight=" + isRight + ", standing=" + standing + "]";
        }
    }

    private record Key(
            Guess guess,
            Password password,
            @Nullable String storedHash,
            @Nullable NewPassword next) {
        @Override
        public String toString() {
            return "Key[********]";
        }
    }
}
