package dev.roster.limit;

import dev.roster.refusal.ReachedLimit;
import dev.roster.refusal.RefusedException;
import java.util.UUID;

/**
 * How often one session may be refreshed. It is counted in the session's own row, by the statement that refreshes it.
 * Thread-safe.
 */
public final class RefreshLimit {
    public static final String NAME = "refresh";

    private static final double MINUTE_SECONDS = 60;

    private final int perMinute;
    private final int atOnce;
    private final RecentRefusals refusals = new RecentRefusals();

    public RefreshLimit(LimitConfiguration configuration) {
        this.perMinute = configuration.refreshes();
        this.atOnce = configuration.refreshesAtOnce();
    }

    public boolean isOn() {
        return perMinute > 0;
    }

    /** How long it takes until one more is free; 0 where there is no limit. */
    public double intervalSeconds() {
        return isOn() ? MINUTE_SECONDS / perMinute : 0;
    }

    /** How many are free at the most. */
    public int atOnce() {
        return atOnce;
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} where this node has refused the session just now */
    public void refuseKnown(UUID sessionId) {
        double seconds = refusals.seconds(sessionId.toString());
        if (seconds > 0) {
            throw refusal(seconds);
        }
    }

    /** The refusal of a session that has to wait for so many seconds, which this node remembers. */
    public RefusedException refuse(UUID sessionId, double seconds) {
        refusals.add(sessionId.toString(), seconds);
        return refusal(seconds);
    }

    private RefusedException refusal(double seconds) {
        long window = Math.round(atOnce * intervalSeconds());
        return RefusedException.tooMany(new ReachedLimit(NAME, atOnce, window, Math.max(1, (long) Math.ceil(seconds))));
    }
}
