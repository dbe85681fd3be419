package dev.roster.limit;

import dev.roster.refusal.ReachedLimit;
import dev.roster.refusal.RefusedException;
import org.jdbi.v3.core.Handle;

/** A limit of so many a minute, some of which may come at once. Thread-safe. */
final class Bucket {
    private static final double MINUTE_SECONDS = 60;

    private final String name;
    private final int perMinute;
    private final int atOnce;
    private final LimitKeys keys;
    private final RecentRefusals refusals = new RecentRefusals();

    /**
     * @param perMinute 0 where there is no limit
     * @param atOnce how many a bucket holds
     */
    Bucket(String name, int perMinute, int atOnce, LimitKeys keys) {
        this.name = name;
        this.perMinute = perMinute;
        this.atOnce = atOnce;
        this.keys = keys;
    }

    boolean isOn() {
        return perMinute > 0;
    }

    /** How long it takes until one more is there. */
    double intervalSeconds() {
        return isOn() ? MINUTE_SECONDS / perMinute : 0;
    }

    int atOnce() {
        return atOnce;
    }

    String key(String subject) {
        return keys.of(name, subject);
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} where this node knows that there is none left */
    void refuseKnown(String subject) {
        double seconds = refusals.seconds(key(subject));
        if (seconds > 0) {
            throw refusal(seconds);
        }
    }

    /** The refusal of whoever has to wait for so many seconds, which this node remembers. */
    RefusedException refuse(String subject, double seconds) {
        refusals.add(key(subject), seconds);
        return refusal(seconds);
    }

    /**
     * Takes one.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} where there is none left
     */
    BucketState take(Handle handle, String subject) {
        if (!isOn()) {
            return new BucketState(true, false);
        }
        refuseKnown(subject);
        LimitCommands commands = handle.attach(LimitCommands.class);
        return commands.take(key(subject), intervalSeconds(), atOnce)
                .orElseThrow(() -> refuse(
                        subject,
                        commands.secondsToNext(key(subject), intervalSeconds(), atOnce)
                                .orElse(0.0)));
    }

    private RefusedException refusal(double seconds) {
        long window = Math.round(atOnce * intervalSeconds());
        return RefusedException.tooMany(new ReachedLimit(name, atOnce, window, Math.max(1, (long) Math.ceil(seconds))));
    }
}
