package dev.roster.delivery;

/** Sends rows of an outbox to where they go. Thread-safe. */
@FunctionalInterface
public interface Delivery {
    /**
     * Sends one row. Called outside of any transaction. It must end before {@link Outbox#LEASE} does, because another
     * node then sends the row again.
     *
     * @return the outcome. An exception counts as {@link Outcome#putOff} with the name of its class
     */
    Outcome deliver(Claimed claimed);
}
