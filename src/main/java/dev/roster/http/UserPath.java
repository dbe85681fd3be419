package dev.roster.http;

/** Where the routes of one user are, below {@code /users}. */
public final class UserPath {
    /**
     * By id, which is anything but {@code me}: else Jersey would give {@code me} the methods that it has not, as the id
     * of somebody.
     */
    public static final String BY_ID = "/{id: (?!me/?$)[^/]+}";

    /** The sessions of one user. */
    public static final String SESSIONS = BY_ID + "/sessions";

    private UserPath() {}
}
