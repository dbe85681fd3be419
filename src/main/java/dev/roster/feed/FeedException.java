package dev.roster.feed;

/** The feed is connected, but to something that does not tell it what it must hear. */
final class FeedException extends Exception {
    private static final long serialVersionUID = 1L;

    FeedException(String message) {
        super(message);
    }
}
