package dev.roster.feed;

/** The feed is connected, but the server delivers no notifications. */
final class FeedException extends Exception {
    private static final long serialVersionUID = 1L;

    FeedException(String message) {
        super(message);
    }
}
