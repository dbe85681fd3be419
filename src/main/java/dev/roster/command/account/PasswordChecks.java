package dev.roster.command.account;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.http.RequestSource;
import dev.roster.limit.Guess;
import dev.roster.limit.GuessLimit;
import dev.roster.limit.LimitKeys;
import dev.roster.password.HashingPool;
import dev.roster.password.InFlight;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordHasher;
import dev.roster.refusal.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody knows an account's password: looked at within the limits and in turn, and counted and written down
 * where it is wrong. Thread-safe.
 */
public final class PasswordChecks {
    private static final int MAX_CHECKS = 96;
    private static final int MAX_CHECKS_OF_ONE = 64;

    private final Jdbi jdbi;
    private final GuessLimit limit;
    private final PasswordHasher hasher;
    private final HashingPool hashing;
    private final AuditEvents audit;
    private final InFlight<Key, Check> checks = new InFlight<>(MAX_CHECKS, MAX_CHECKS_OF_ONE);

    public PasswordChecks(Jdbi jdbi, GuessLimit limit, PasswordHasher hasher, HashingPool hashing, AuditEvents audit) {
        this.jdbi = jdbi;
        this.limit = limit;
        this.hasher = hasher;
        this.hashing = hashing;
        this.audit = audit;
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} where whatever comes from there is refused: asks nobody */
    public void refuseKnownAddress(RequestSource source) {
        limit.throwIfAddressRecentlyRefused(source.ip());
    }

    /**
     * Checks a password. Those who ask for the same at the same time share one hash.
     *
     * @param storedHash null where there is no such account
     * @param next what is to be hashed where it is right; null where nothing is
     * @param isOwnersAddress as {@link GuessLimit#requireAllowed} asks for it
     * @throws RefusedException {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE}
     */
    public Check check(
            Guess guess,
            Password password,
            @Nullable String storedHash,
            @Nullable NewPassword next,
            BooleanSupplier isOwnersAddress) {
        limit.throwIfRecentlyRefused(guess);
        return checks.run(guess.client(), new Key(guess, password, storedHash, next), () -> {
            boolean hasFailures = limit.requireAllowed(guess, isOwnersAddress);
            return hashing.run(guess.client(), () -> {
                limit.throwIfRecentlyRefused(
                        guess); // again in its turn: of a thousand guesses that wait here together few are looked at
                boolean isRight = hasher.verify(password, storedHash);
                return new Check(isRight, hasFailures, isRight ? newHash(password, storedHash, next) : null);
            });
        });
    }

    private @Nullable String newHash(Password verified, @Nullable String storedHash, @Nullable NewPassword next) {
        if (next != null) {
            return hasher.hash(next);
        }
        return storedHash != null && hasher.isOutdated(storedHash) ? hasher.rehash(verified) : null;
    }

    /**
     * Counts a wrong password and writes it down, by the same statements whether or not there is such an account.
     *
     * @param refusal of which the target is the account's user, null where there is none
     * @throws RefusedException {@code TOO_MANY_REQUESTS} where it may not be told that it is wrong
     */
    public void refuse(Guess guess, AuditEvent refusal) {
        jdbi.useTransaction(handle -> {
            UUID userId = refusal.targetId();
            UserLocks users = handle.attach(UserLocks.class);
            String unused = users.keep(userId == null ? UserLocks.NOBODY : userId);
            List<AuditEvent> events = new ArrayList<>();
            events.add(refusal);
            for (String reached : limit.recordFailure(handle, guess)) {
                events.add(AuditEvent.against(userId, AuditEvent.Type.LIMIT_HIT, refusal.source())
                        .with(reached));
            }
            // What is written of a user who is deleted already would be kept.
            boolean isThere = users.exists(userId == null ? UserLocks.NOBODY : userId);
            audit.write(handle, isThere || userId == null ? events : List.of());
        });
    }

    /** To be called in the transaction of what a right password was for. */
    public void accept(Handle handle, Guess guess, Check check) {
        if (check.hasFailures()) {
            limit.clearFailures(handle, guess);
        }
    }

    /** @throws RefusedException {@code UNAVAILABLE} */
    public String hash(NewPassword password, RequestSource source) {
        return hashing.run(LimitKeys.network(source.ip()), () -> hasher.hash(password));
    }

    /**
     * What came of a check.
     *
     * @param hasFailures whether there are failures to forget
     * @param newHash of the next password; or of this one, where the stored one is outdated
     */
    public record Check(
            boolean isRight, boolean hasFailures, @Nullable String newHash) {
        @Override
        public String toString() {
            return "Check[isRight=" + isRight + ", hasFailures=" + hasFailures + "]";
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
