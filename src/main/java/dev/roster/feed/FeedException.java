package dev.roster.feed;

/** The feed cannot connect, or the server delivers no notifications. */
final class FeedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;

    /** @param mayPass whether waiting may help */
    FeedException(String message, boolean mayPass) {
        super(message);
        this.mayPass = mayPass;
    }

    boolean mayPass() {
        return mayPass;
    }
}
