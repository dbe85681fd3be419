package dev.roster.verifier;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that stand still until a test moves them. */
final class TestClocks {
    private volatile Instant wall = Instant.parse("2026-12-01T11:00:00.5Z");
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000); // overflows soon

    Clocks clocks() {
        return new Clocks(
                new Clock() {
                    @Override
                    public Instant instant() {
                        return wall;
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        throw new UnsupportedOperationException();
                    }
                },
                nanos::get);
    }

    Instant now() {
        return wall;
    }

    void advance(Duration time) {
        setWall(time);
        nanos.addAndGet(time.toNanos());
    }

    /** Steps the wall clock alone, as a correction or a suspended machine does. */
    synchronized void setWall(Duration step) {
        wall = wall.plus(step);
    }

    /** Moves the steady clock alone, as a wall clock does that stands still. */
    void advanceSteady(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
