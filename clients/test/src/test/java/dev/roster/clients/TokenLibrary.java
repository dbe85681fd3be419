package dev.roster.clients;

/** A library that is not Roster's, and checks tokens with the published keys. */
interface TokenLibrary extends AutoCloseable {
    /** What {@link #check} returns for a good token. */
    String ACCEPTED = "accepted";

    /** Checks a token: its signature, algorithm, issuer, audience and expiry. Returns why it is refused. */
    String check(String token) throws Exception;

    @Override
    default void close() {}
}
