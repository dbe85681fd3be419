package dev.roster.limit;

import dev.roster.key.SecretKey;
import dev.roster.refusal.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Limits wrong passwords (ASVS 6.3.1): for one account from one client address, for one account from all addresses,
 * and from one address for all accounts. Wrong refresh tokens have a limit of their own. Correct passwords are not
 * limited, so a person can log in from many places at once. Thread-safe.
 *
 * <p>Lock order: the user (locked by the caller), then the rows of the limits {@code account}, {@code address},
 * {@code account-anywhere}.
 */
public final class GuessLimit {
    static final String ACCOUNT = "account";
    static final String ANYWHERE = "account-anywhere";
    static final String ADDRESS = "address";
    static final String REFRESH_TOKENS = "address-refresh";

    private final Jdbi jdbi;
    private final Backoff account;
    private final Backoff anywhere;
    private final Bucket address;
    private final Bucket refreshTokens;

    public GuessLimit(Jdbi jdbi, LimitConfiguration configuration, SecretKey secretKey) {
        LimitKeys keys = new LimitKeys(secretKey);
        this.jdbi = jdbi;
        this.account = new Backoff(
                ACCOUNT,
                configuration.loginFailures(),
                configuration.longestDelay().toJavaDuration(),
                keys);
        this.anywhere = new Backoff(
                ANYWHERE,
                configuration.loginFailuresAnywhere(),
                configuration.longestDelay().toJavaDuration(),
                keys);
        Rate perMinute = new Rate(configuration.addressFailures(), configuration.addressFailures());
        this.address = new Bucket(ADDRESS, perMinute, keys);
        this.refreshTokens = new Bucket(REFRESH_TOKENS, perMinute, keys);
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the address recently */
    public void throwIfAddressRecentlyRefused(@Nullable String ip) {
        address.refusals().throwIfRefused(address.key(LimitKeys.network(ip)));
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the source or the account recently */
    public void throwIfRecentlyRefused(Guess guess) {
        address.refusals().throwIfRefused(address.key(guess.source()));
        account.refusals().throwIfRefused(account.key(guess.accountAndSource()));
    }

    /**
     * Asks the database whether a password may be checked. Counts nothing.
     *
     * @param isOwnersAddress whether the account's owner is logged in from the same address; if so, failures from other
     *     addresses do not close the account
     * @return whether there are failures to clear if the password is correct
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if a limit is reached
     */
    public boolean requireAllowed(Guess guess, BooleanSupplier isOwnersAddress) {
        if (!account.isEnabled() && !anywhere.isEnabled() && !address.rate().isEnabled()) {
            return false;
        }
        String here = account.key(guess.accountAndSource());
        String everywhere = anywhere.key(guess.account());
        String source = address.key(guess.source());
        Map<String, Double> seconds = jdbi.withExtension(
                LimitCommands.class,
                commands -> commands.secondsByKey(List.of(here, everywhere), source, address.rate()));
        if (address.rate().isEnabled() && isRefused(seconds, source)) {
            throw address.refusals().refuse(source, seconds.getOrDefault(source, 0.0));
        }
        if (account.isEnabled() && isRefused(seconds, here)) {
            throw account.refusals().refuse(here, seconds.getOrDefault(here, 0.0));
        }
        if (anywhere.isEnabled() && isRefused(seconds, everywhere) && !isOwnersAddress.getAsBoolean()) {
            // Not remembered: a later attempt may come from an address of the owner.
            throw anywhere.refusals().refusal(seconds.getOrDefault(everywhere, 0.0));
        }
        return seconds.containsKey(here) || seconds.containsKey(everywhere);
    }

    private static boolean isRefused(Map<String, Double> seconds, String key) {
        return seconds.getOrDefault(key, 0.0) > 0;
    }

    /**
     * Counts a wrong password. Commit its transaction before the answer: then the limit holds for any number of
     * simultaneous attempts.
     *
     * @return the names of the limits that are now reached
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if a limit was reached already; the caller must not reveal
     *     that the password is wrong
     */
    public List<String> recordFailure(Handle handle, Guess guess) {
        String here = account.key(guess.accountAndSource());
        double closed = account.recordFailure(handle, guess.accountAndSource())
                .orElseThrow(() -> account.refusals().refuse(here, 1)); // closed by a concurrent attempt
        List<String> reached = new ArrayList<>();
        if (address.take(handle, guess.source()).isEmpty()) {
            reached.add(ADDRESS);
        }
        if (closed > 0) {
            account.refusals().remember(here, closed); // so that attempts waiting for a hash are refused too
            reached.add(ACCOUNT);
        }
        // Empty if the account is already closed and this attempt came from an address of the owner. Only the limit
        // `account` applies to such an address.
        if (anywhere.recordFailure(handle, guess.account()).orElse(0.0) > 0) {
            reached.add(ANYWHERE);
        }
        return reached;
    }

    /**
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if this node recently refused refresh tokens from the
     *     address
     */
    public void throwIfRefreshRecentlyRefused(@Nullable String ip) {
        refreshTokens.refusals().throwIfRefused(refreshTokens.key(LimitKeys.network(ip)));
    }

    /**
     * Counts a wrong refresh token. It does not count as a wrong password, so a client that repeats an old token does
     * not keep others at its address from logging in.
     *
     * @return the names of the limits that are now reached
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the limit was reached already
     */
    public List<String> recordWrongRefreshToken(Handle handle, @Nullable String ip) {
        return refreshTokens.take(handle, LimitKeys.network(ip)).isEmpty() ? List.of(REFRESH_TOKENS) : List.of();
    }

    /** Clears the failures of an account after a correct password. */
    public void clearFailures(Handle handle, Guess guess) {
        account.clearFailures(handle, guess.accountAndSource());
        anywhere.clearFailures(handle, guess.account());
    }
}
