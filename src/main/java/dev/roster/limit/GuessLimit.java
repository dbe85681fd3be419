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
 * How often somebody may be wrong: about the password of one account from one client address, about that from anywhere,
 * and from one address about anything (ASVS 6.3.1). What succeeds is not limited, so that people who log in from many
 * places at once are never in each other's way. Thread-safe.
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
        int perMinute = configuration.addressFailures();
        this.address = new Bucket(ADDRESS, perMinute, perMinute, keys);
        this.refreshTokens = new Bucket(REFRESH_TOKENS, perMinute, perMinute, keys);
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} where this node has refused that address just now */
    public void refuseKnownAddress(@Nullable String ip) {
        address.refuseKnown(LimitKeys.network(ip));
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} where this node has refused the like just now */
    public void refuseKnown(Guess guess) {
        address.refuseKnown(guess.network());
        account.refuseKnown(guess.accountAndNetwork());
    }

    /**
     * To be asked before the password is looked at.
     *
     * @param isOwnersAddress whether the owner of the account is logged in from there: then no failures from elsewhere
     *     keep anybody out
     * @return whether there are failures to forget, if the password is right
     * @throws RefusedException {@code TOO_MANY_REQUESTS}
     */
    public boolean require(Guess guess, BooleanSupplier isOwnersAddress) {
        if (!account.isOn() && !anywhere.isOn() && !address.isOn()) {
            return false;
        }
        String here = account.key(guess.accountAndNetwork());
        String everywhere = anywhere.key(guess.account());
        String network = address.key(guess.network());
        Map<String, Double> seconds = jdbi.withExtension(
                LimitCommands.class,
                commands -> commands.secondsByKey(
                        List.of(here, everywhere), network, address.intervalSeconds(), address.atOnce()));
        if (address.isOn() && isRefused(seconds, network)) {
            throw address.refuse(guess.network(), seconds.getOrDefault(network, 0.0));
        }
        if (account.isOn() && isRefused(seconds, here)) {
            throw account.refuse(guess.accountAndNetwork(), seconds.getOrDefault(here, 0.0));
        }
        if (anywhere.isOn() && isRefused(seconds, everywhere) && !isOwnersAddress.getAsBoolean()) {
            throw anywhere.refusal(seconds.getOrDefault(everywhere, 0.0));
        }
        return seconds.containsKey(here) || seconds.containsKey(everywhere);
    }

    private static boolean isRefused(Map<String, Double> seconds, String key) {
        return seconds.getOrDefault(key, 0.0) > 0;
    }

    /**
     * Counts a wrong password, in the transaction of whoever answers it: so no more are answered than the limit, however
     * many are looked at at once.
     *
     * @return the names of the limits that are reached with it
     * @throws RefusedException {@code TOO_MANY_REQUESTS} where one was reached already: the guess is not answered
     */
    public List<String> fail(Handle handle, Guess guess) {
        double closed = account.fail(handle, guess.accountAndNetwork())
                .orElseThrow(() -> account.refuse(guess.accountAndNetwork(), 1)); // by a guess at the same time
        List<String> reached = new ArrayList<>(takeAddress(handle, guess.network()));
        if (closed > 0) {
            account.remember(
                    guess.accountAndNetwork(), closed); // of what waits for its hash, none is looked at any more
            reached.add(ACCOUNT);
        }
        // It may be closed already, for all but the owner's addresses: from there it is this account's alone that
        // counts.
        if (anywhere.fail(handle, guess.account()).orElse(0.0) > 0) {
            reached.add(ANYWHERE);
        }
        return reached;
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} where this node has refused tokens from that address just now */
    public void refuseKnownTokens(@Nullable String ip) {
        refreshTokens.refuseKnown(LimitKeys.network(ip));
    }

    /** The same for a wrong refresh token, which is of no account. They are counted by themselves: a client that repeats one keeps nobody from logging in. */
    public List<String> failToken(Handle handle, @Nullable String ip) {
        return refreshTokens.take(handle, LimitKeys.network(ip)).last() ? List.of(REFRESH_TOKENS) : List.of();
    }

    private List<String> takeAddress(Handle handle, String network) {
        return address.take(handle, network).last() ? List.of(ADDRESS) : List.of();
    }

    /** Forgets the failures of an account, which its owner has found a way in to. */
    public void forget(Handle handle, Guess guess) {
        account.forget(handle, guess.accountAndNetwork());
        anywhere.forget(handle, guess.account());
    }
}
