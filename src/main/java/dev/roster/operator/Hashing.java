package dev.roster.operator;

import dev.roster.command.account.AccountModule;
import dev.roster.command.account.RequestThreads;
import dev.roster.password.NewPassword;
import dev.roster.password.PasswordHasher;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Hashes passwords that operators set: at once at a shell, or on the threads that requests share. Thread-safe. */
final class Hashing {
    private final PasswordHasher hasher;
    private final AccountModule accounts;

    Hashing(AccountModule accounts) {
        this.hasher = accounts.hasher();
        this.accounts = accounts;
    }

    /** Hashes on this thread. */
    @Nullable
    String now(@Nullable NewPassword password) {
        return password == null ? null : hasher.hash(password);
    }

    /**
     * Hashes on a hash thread, and runs everything else on the threads of requests that wait for a hash. Without a
     * password, runs at once.
     *
     * @param check runs before the password is hashed; throws if the password is not allowed
     * @param write takes the hash; null without a password
     * @return the result of {@code write}; or {@code UNAVAILABLE}, or what {@code check} or {@code write} throws
     */
    <T> CompletableFuture<T> later(
            Operator operator, @Nullable NewPassword password, Runnable check, Function<@Nullable String, T> write) {
        if (password == null) {
            return CompletableFuture.completedFuture(write.apply(null));
        }
        RequestThreads.Parts parts = accounts.threads().partsOf(operator.source());
        return parts.run(() -> {
                    check.run();
                    return new Begun(accounts.passwords().hash(password, operator.source()));
                })
                .thenCompose(Begun::hash)
                .thenCompose(hash -> parts.run(() -> write.apply(hash)));
    }

    /** A hash that has begun. */
    private record Begun(CompletableFuture<String> hash) {}
}
