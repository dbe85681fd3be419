package dev.roster.http;

/** Path templates of one user, below {@code /users}. */
public final class UserPath {
    /** Excludes {@code me}: otherwise Jersey would match a method that {@code /users/me} lacks with this route. */
    public static final String BY_ID = "/{id: (?!me/?$)[^/]+}";

    public static final String SESSIONS = BY_ID + "/sessions";

    private UserPath() {}
}
