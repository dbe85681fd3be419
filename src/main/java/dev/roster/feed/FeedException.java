package dev.roster.feed;

/** The feed's connection is there, and yet not what it has to be. */
final class FeedException extends Exception {
    private static final long serialVersionUID = 1L;

    FeedException(String message) {
        super(message);
    }
}
