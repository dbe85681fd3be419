package dev.roster.database.primary;

/** Holds connections to the primary. Called by one thread at a time, and never waits for a server. */
public interface PrimaryFollower {
    /** Ends all connections. New ones lead to this address. */
    void moveTo(String address);

    /** Ends all connections, because no server may be used. */
    void end();
}
