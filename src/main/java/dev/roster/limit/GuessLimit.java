package dev.roster.limit;

import dev.roster.token.SecretKey;
import dev.roster.user.RefusedException;
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
    private static final String ACCOUNT = "account";
    private static final String ANYWHERE = "account-anywhere";
    private static final String ADDRESS = "address";

    private final Jdbi jdbi;
    private final Backoff account;
    private final Backoff anywhere;
    private final Bucket address;

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
        this.address = new Bucket(ADDRESS, configuration.addressFailures(), configuration.addressFailures(), keys);
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} where this node has refused the like just now */
    public void refuseKnown(Guess guess) {
        address.refuseKnown(guess.network());
        account.refuseKnown(guess.accountAndNetwork());
    }

    /**
     * To be asked right before the password is looked at.
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
        if (isRefused(seconds, network)) {
            throw address.refuse(guess.network(), seconds.getOrDefault(network, 0.0));
        }
        if (isRefused(seconds, here)) {
            throw account.refuse(guess.accountAndNetwork(), seconds.getOrDefault(here, 0.0));
        }
        if (isRefused(seconds, everywhere) && !isOwnersAddress.getAsBoolean()) {
            throw anywhere.refuse(guess.account(), seconds.getOrDefault(everywhere, 0.0));
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
            reached.add(ACCOUNT);
        }
        // It may be closed already, for all but the owner's addresses: from there it is this account's alone that
        // counts.
        if (anywhere.fail(handle, guess.account()).orElse(0.0) > 0) {
            reached.add(ANYWHERE);
        }
        return reached;
    }

    /** The same for something wrong that is of no account, such as a refresh token. */
    public List<String> failAddress(Handle handle, @Nullable String ip) {
        return takeAddress(handle, LimitKeys.network(ip));
    }

    private List<String> takeAddress(Handle handle, String network) {
        return address.take(handle, network).last() ? List.of(ADDRESS) : List.of();
    }

    /** Forgets the failures of an account, which its owner has found a way in to. */
    public void forget(Guess guess) {
        jdbi.useHandle(handle -> {
            account.forget(handle, guess.accountAndNetwork());
            anywhere.forget(handle, guess.account());
        });
    }
}
