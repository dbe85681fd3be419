package dev.roster.limit;

import dev.roster.refusal.RefusedException;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Limits how often a session may be refreshed. The count is a column of the session's row, which the refresh updates
 * anyway. Thread-safe.
 */
public final class RefreshLimit {
    public static final String NAME = "refresh";

    static final String RECORDS = "refresh-recorded";
    private static final Rate RECORDS_RATE = new Rate(1, 10);

    private final Rate rate;
    private final RecentRefusals refusals;
    private final Bucket records;

    RefreshLimit(LimitConfiguration configuration, LimitKeys keys) {
        this.rate = new Rate(configuration.refreshes(), configuration.refreshesAtOnce());
        this.refusals = new RecentRefusals(NAME, rate.atOnce(), rate.windowSeconds());
        this.records = new Bucket(RECORDS, RECORDS_RATE, keys);
    }

    public boolean isEnabled() {
        return rate.isEnabled();
    }

    /** The time between two refreshes, once all that may come at once are used; 0 if the limit is off. */
    public double intervalSeconds() {
        return rate.intervalSeconds();
    }

    /** How many refreshes may come at once. */
    public int atOnce() {
        return rate.atOnce();
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the session recently */
    public void throwIfRecentlyRefused(UUID sessionId) {
        refusals.throwIfRefused(sessionId.toString());
    }

    /**
     * Whether a refusal is to be recorded in the audit trail, where it would stay for months: ten of one person, then
     * one a minute. The row of this count stays locked until the transaction ends.
     */
    public boolean isRefusalToBeRecorded(Handle handle, UUID userId) {
        return records.tryToTake(handle, userId.toString()).isPresent();
    }

    /** Remembers that a session is refused for this time, and returns the refusal. */
    public RefusedException refuse(UUID sessionId, double seconds) {
        return refusals.refuse(sessionId.toString(), seconds);
    }
}
