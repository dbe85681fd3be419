package dev.roster.limit;

import dev.roster.user.Limit;
import dev.roster.user.RefusedException;

/**
 * How often one session may be refreshed. It is counted in the session's own row, by the statement that refreshes it.
 *
 * @param intervalSeconds how long it takes until one more is free; 0 where there is no limit
 * @param atOnce how many are free at the most
 */
public record RefreshLimit(double intervalSeconds, int atOnce) {

    public static RefreshLimit of(LimitConfiguration configuration) {
        int perMinute = configuration.refreshes();
        return new RefreshLimit(perMinute == 0 ? 0 : 60.0 / perMinute, configuration.refreshesAtOnce());
    }

    public boolean isOn() {
        return intervalSeconds > 0;
    }

    /** @param retryAfter in how many seconds the next is free */
    public RefusedException refusal(double retryAfter) {
        return RefusedException.tooMany(new Limit(
                "refresh", atOnce, Math.round(atOnce * intervalSeconds), Math.max(1, (long) Math.ceil(retryAfter))));
    }
}
