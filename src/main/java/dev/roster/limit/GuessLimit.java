package dev.roster.limit;

import dev.roster.http.connection.IpAddress;
import dev.roster.limit.LimitCommands.Failures;
import dev.roster.refusal.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Limits wrong passwords (ASVS 6.3.1): for one account from one client address, for one account from all addresses,
 * and from one address for all accounts. Wrong refresh tokens have a limit of their own. Thread-safe.
 *
 * <p>An account that is closed for all addresses stays open for two kinds of sources, so that guesses from many
 * addresses do not lock its owner out: networks from which the owner logged in lately or is logged in, and sources
 * without a failure, each for one try. All tries of the second kind together have a limit too.
 *
 * <p>Lock order: the user (locked by the caller), then the rows of the limits {@code account}, {@code address},
 * {@code account-anywhere}, {@code account-new-networks}, then the user's rows of {@code login_networks}.
 */
public final class GuessLimit {
    static final String ACCOUNT = "account";
    static final String ANYWHERE = "account-anywhere";
    static final String NEW_NETWORKS = "account-new-networks";
    static final String ADDRESS = "address";
    static final String REFRESH_TOKENS = "address-refresh";
    private static final String KNOWN_NETWORK = "known-network";
    private static final double TRIED_SECONDS = 5;

    private final Jdbi jdbi;
    private final LimitKeys keys;
    private final Backoff account;
    private final Backoff anywhere;
    private final Backoff newNetworks;
    private final Bucket address;
    private final Bucket refreshTokens;

    GuessLimit(Jdbi jdbi, LimitConfiguration configuration, LimitKeys keys) {
        var longest = configuration.longestDelay().toJavaDuration();
        int failures = configuration.loginFailures();
        int failuresAnywhere = configuration.loginFailuresAnywhere();
        this.jdbi = jdbi;
        this.keys = keys;
        // The limit `anywhere` asks who has failed already, also if the limit `account` is off.
        this.account =
                new Backoff(ACCOUNT, failures == 0 && failuresAnywhere > 0 ? Backoff.NEVER : failures, longest, keys);
        this.anywhere = new Backoff(ANYWHERE, failuresAnywhere, longest, keys);
        this.newNetworks = new Backoff(NEW_NETWORKS, failuresAnywhere, longest, keys);
        Rate perMinute = new Rate(configuration.addressFailures(), configuration.addressFailures());
        this.address = new Bucket(ADDRESS, perMinute, keys);
        this.refreshTokens = new Bucket(REFRESH_TOKENS, perMinute, keys);
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the address recently */
    public void throwIfAddressRecentlyRefused(@Nullable String ip) {
        address.throwIfRecentlyRefused(IpAddress.network(ip));
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the source or the account recently */
    public void throwIfRecentlyRefused(Guess guess) {
        address.throwIfRecentlyRefused(guess.source());
        String here = account.key(guess.accountAndSource());
        account.refusals().throwIfRefused(here);
        anywhere.refusals().throwIfRefused(here);
    }

    /**
     * Asks the database whether a password may be checked. Counts nothing.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if a limit is reached
     */
    public Standing requireAllowed(Guess guess) {
        return account.isEnabled() || anywhere.isEnabled() || address.rate().isEnabled()
                ? jdbi.withHandle(handle -> requireAllowed(handle, guess))
                : new Standing(false, true);
    }

    private Standing requireAllowed(Handle handle, Guess guess) {
        String here = account.key(guess.accountAndSource());
        String everywhere = anywhere.key(guess.account());
        String others = newNetworks.key(guess.account());
        String source = address.key(guess.source());
        String network = networkKey(guess);
        Map<String, Double> seconds = handle.attach(LimitCommands.class)
                .secondsByKey(List.of(here, everywhere, others), source, address.rate(), guess.owner(), network);
        if (address.rate().isEnabled() && isRefused(seconds, source)) {
            throw address.refusals().refuse(source, seconds.getOrDefault(source, 0.0));
        }
        if (account.isEnabled() && isRefused(seconds, here)) {
            throw account.refusals().refuse(here, seconds.getOrDefault(here, 0.0));
        }
        if (anywhere.isEnabled() && isRefused(seconds, everywhere)) {
            boolean isFirstTry = !seconds.containsKey(here) && !isRefused(seconds, others);
            if (!isFirstTry && !isKnown(handle, guess)) {
                // Remembered for this source only: a later attempt may come from a network of the owner.
                throw anywhere.refusals().refuse(here, seconds.getOrDefault(everywhere, 0.0));
            }
        }
        boolean hasFailures =
                seconds.containsKey(here) || seconds.containsKey(everywhere) || seconds.containsKey(others);
        return new Standing(hasFailures, seconds.containsKey(network));
    }

    private static boolean isRefused(Map<String, Double> seconds, String key) {
        return seconds.getOrDefault(key, 0.0) > 0;
    }

    /** Asks the same for accounts that do not exist, since the time must not tell them from others. */
    private boolean isKnown(Handle handle, Guess guess) {
        KnownNetworks networks = handle.attach(KnownNetworks.class);
        return networks.contains(guess.owner(), networkKey(guess))
                || networks.addressesOfSessions(guess.owner()).stream()
                        .map(IpAddress::network)
                        .anyMatch(guess.source()::equals);
    }

    private String networkKey(Guess guess) {
        return keys.of(KNOWN_NETWORK, guess.owner() + " " + guess.source());
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
        Optional<Failures> counted = account.recordFailure(handle, guess.accountAndSource());
        if (counted.isEmpty() && account.isEnabled()) {
            throw account.refusals().refuse(here, 1); // closed by a concurrent attempt
        }
        List<String> reached = new ArrayList<>();
        if (address.take(handle, guess.source()).isEmpty()) {
            reached.add(ADDRESS);
        }
        if (account.isEnabled() && isClosed(counted)) {
            // So that attempts waiting for a hash are refused too.
            account.refusals().remember(here, counted.orElseThrow().closedSeconds());
            reached.add(ACCOUNT);
        }
        Optional<Failures> countedAnywhere = anywhere.recordFailure(handle, guess.account());
        if (isClosed(countedAnywhere)) {
            reached.add(ANYWHERE);
        }
        if (countedAnywhere.isEmpty() && !isKnown(handle, guess)) {
            boolean isFirst = counted.isPresent() && counted.get().failures() == 1;
            countFirstTry(handle, guess, isFirst);
        }
        return reached;
    }

    private static boolean isClosed(Optional<Failures> counted) {
        return counted.isPresent() && counted.get().closedSeconds() > 0;
    }

    /** Counts a try from a network that the owner of the closed account has not used lately. */
    private void countFirstTry(Handle handle, Guess guess, boolean isFirst) {
        if (!isFirst || newNetworks.recordFailure(handle, guess.account()).isEmpty()) {
            throw anywhere.refusals().refusal(1); // a concurrent attempt was the last that was allowed
        }
        // So that attempts from this network that wait for a hash are refused.
        anywhere.refusals().remember(account.key(guess.accountAndSource()), TRIED_SECONDS);
    }

    /**
     * Counts a wrong API key together with the wrong passwords from the address.
     *
     * @return the names of the limits that are now reached
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the limit was reached already
     */
    public List<String> recordWrongKey(Handle handle, @Nullable String ip) {
        return address.take(handle, IpAddress.network(ip)).isEmpty() ? List.of(ADDRESS) : List.of();
    }

    /**
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if this node recently refused refresh tokens from the
     *     address
     */
    public void throwIfRefreshRecentlyRefused(@Nullable String ip) {
        refreshTokens.throwIfRecentlyRefused(IpAddress.network(ip));
    }

    /**
     * Counts a wrong refresh token. It does not count as a wrong password, so a client that repeats an old token does
     * not keep others at its address from logging in.
     *
     * @return the names of the limits that are now reached
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the limit was reached already
     */
    public List<String> recordWrongRefreshToken(Handle handle, @Nullable String ip) {
        return refreshTokens.take(handle, IpAddress.network(ip)).isEmpty() ? List.of(REFRESH_TOKENS) : List.of();
    }

    /**
     * Clears the failures of an account after a correct password, and remembers the network. Call it in the transaction
     * that the password authorizes.
     *
     * @param standing the result of {@link #requireAllowed}
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if simultaneous wrong passwords have used up a limit: one of
     *     many simultaneous guesses would otherwise be answered although the others are not
     */
    public void accept(Handle handle, Guess guess, Standing standing) {
        if (standing.hasFailures()) {
            Standing unused = requireAllowed(handle, guess);
            clear(handle, guess);
        }
        if (anywhere.isEnabled()
                && guess.owner() != null
                && !standing.isRemembered()
                && !guess.source().equals(IpAddress.UNKNOWN_NETWORK)) {
            handle.attach(KnownNetworks.class).remember(guess.owner(), networkKey(guess), KnownNetworks.MAXIMUM - 1);
        }
    }

    /**
     * Clears the failures of an account, from the source and from all sources together. Call it after the owner has
     * proven who they are, by the right password or in another way.
     */
    public void clear(Handle handle, Guess guess) {
        account.clearFailures(handle, guess.accountAndSource());
        anywhere.clearFailures(handle, guess.account());
        anywhere.refusals().forget(account.key(guess.accountAndSource()));
        newNetworks.clearFailures(handle, guess.account());
    }

    /**
     * Asks the limits again after a correct password that lets nobody in. Neither clears failures nor remembers the
     * network: the owner may not be the only one who knows the password.
     *
     * @param standing the result of {@link #requireAllowed}
     * @throws RefusedException {@code TOO_MANY_REQUESTS} as {@link #accept} does
     */
    public void confirm(Handle handle, Guess guess, Standing standing) {
        if (standing.hasFailures()) {
            Standing unused = requireAllowed(handle, guess);
        }
    }

    /**
     * What the database holds about an account and the source of a guess.
     *
     * @param hasFailures whether there are failures to clear if the password is correct
     * @param isRemembered whether the owner logged in from this network within a day
     */
    public record Standing(boolean hasFailures, boolean isRemembered) {}
}
