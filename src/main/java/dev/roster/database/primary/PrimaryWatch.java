package dev.roster.database.primary;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches which server is the primary, and points everybody at it: see {@link Decision}. Each time another server takes
 * over, a new epoch begins.
 *
 * <p>Thread-safe.
 */
public final class PrimaryWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PrimaryWatch.class);

    private static final String SILENT = "it does not answer";

    private final List<String> addresses;
    private final List<HostWatch> hosts;
    private final List<PrimaryFollower> followers = new ArrayList<>();
    private final List<Consumer<Epoch>> listeners = new ArrayList<>();
    private final List<Sight> sights; // guarded by this
    private int lastHost; // guarded by this
    private volatile Decision decision = Decision.NONE;
    private volatile Epoch epoch = Epoch.NONE;
    private volatile Epoch written = Epoch.NONE;

    /**
     * @param addresses a URL for each host
     * @param opener opens connections with bounded waits
     */
    public PrimaryWatch(List<String> addresses, Opener opener) {
        this.addresses = List.copyOf(addresses);
        this.sights = new ArrayList<>(Collections.nCopies(addresses.size(), Sight.none()));
        this.hosts = IntStream.range(0, addresses.size())
                .mapToObj(i -> new HostWatch(addresses.get(i), opener, sight -> see(i, sight), new Unwritten(i)))
                .toList();
    }

    /**
     * The epoch of now. A transaction that began in an earlier one may be lost. Read it before you open a connection:
     * then the connection leads to the primary of this epoch or of a later one.
     */
    public Epoch epoch() {
        return epoch;
    }

    /**
     * The address of the primary, which names one host.
     *
     * @throws NoPrimaryException if no server may be used now
     */
    public String address() throws NoPrimaryException {
        Decision now = decision;
        if (!now.isOpen()) {
            throw new NoPrimaryException(now.reason());
        }
        return addresses.get(now.host());
    }

    /** Returns true if a server may be used as the primary. */
    public boolean isOpen() {
        return decision.isOpen();
    }

    /** Why the primary cannot serve writes, for operators; null if it can. Known once {@link #start} was called. */
    public @Nullable String problem() {
        Decision now = decision;
        if (!now.isOpen()) {
            return now.reason();
        }
        synchronized (this) {
            return sights.get(now.host()).problemNow();
        }
    }

    /** Tells this listener each new epoch, once new connections lead to its primary. Only before the start. */
    public void onEpoch(Consumer<Epoch> listener) {
        listeners.add(listener);
    }

    /** Points this follower at each new primary. Only before the start. */
    public void addFollower(PrimaryFollower follower) {
        followers.add(follower);
    }

    /**
     * Looks at all hosts once, at the same time.
     *
     * @param opener opens connections with bounded waits
     * @return a connection to the primary
     * @throws SQLException if the only host refuses the connection, or all do
     * @throws NoPrimaryException if hosts answer, but none may be used
     */
    public Connection find(Opener opener) throws SQLException {
        try (FirstLooks looks = FirstLooks.at(addresses, opener)) {
            decide(looks.claims()); // all of them, however long the slowest host took
            Decision now = decision;
            Connection found = now.isOpen() ? looks.take(now.host()) : null;
            if (found == null) {
                looks.requireAnswer();
                throw new NoPrimaryException(now.isOpen() ? SILENT : now.reason());
            }
            return found;
        }
    }

    /** Begins to look at each host every 500 ms. */
    public void start() {
        for (int i = 0; i < hosts.size(); i++) {
            hosts.get(i).start("primary-watch-" + (i + 1));
        }
    }

    @Override
    public void close() {
        hosts.forEach(HostWatch::close);
    }

    private synchronized void see(int host, Sight sight) {
        sights.set(host, sight);
        decide(sights.stream().map(Sight::recentClaim).toList());
    }

    private synchronized void decide(List<@Nullable Claim> claims) {
        Decision before = decision;
        Decision next = before.after(claims);
        Claim claim = next.claim();
        if (next.isOpen() && claim != null && !isLast(before, next)) {
            begin(next, epoch.next(claim.timeline(), claim.firstPosition()));
        } else if (before.isOpen() && !next.isOpen()) {
            decision = next;
            followers.forEach(PrimaryFollower::end);
            LOGGER.warn("SECURITY primary_lost: no server is used until one is the primary again: {}", next.reason());
        } else {
            decision = next;
            if (!before.isOpen() && next.isOpen()) {
                LOGGER.info("SECURITY primary_found: the primary of timeline {} is used again", epoch.timeline());
            }
        }
    }

    /** Returns true if the primary is the one that was used last. */
    private boolean isLast(Decision before, Decision next) {
        Claim last = before.claim();
        Claim claim = next.claim();
        return last != null
                && claim != null
                && next.host() == lastHost
                && claim.system() == last.system()
                && claim.timeline() == epoch.timeline();
    }

    /** Nobody gets a connection before the old ones have ended, so none of an earlier epoch serves in this one. */
    private void begin(Decision next, Epoch begun) {
        Epoch before = epoch;
        decision = new Decision(-1, next.claim(), next.timeline(), "another server takes over");
        epoch = begun;
        followers.forEach(follower -> follower.moveTo(addresses.get(next.host())));
        lastHost = next.host();
        decision = next;
        if (before.number() > 0) {
            LOGGER.warn(
                    "SECURITY primary_changed: timeline {}, host {} of {}; before: timeline {}",
                    begun.timeline(),
                    next.host() + 1,
                    addresses.size(),
                    before.timeline());
        }
        listeners.forEach(listener -> listener.accept(begun));
    }

    /** The epoch of now is written down by the host that is its primary. */
    private final class Unwritten implements HostWatch.EpochLog {
        private final int host;

        Unwritten(int host) {
            this.host = host;
        }

        @Override
        public @Nullable Epoch unwritten() {
            Epoch now = epoch;
            return decision.host() == host && written.number() < now.number() ? now : null;
        }

        @Override
        public void written(Epoch by) {
            written = by;
        }
    }
}
