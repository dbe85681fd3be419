package dev.roster.http;

/** Path templates of one user, below {@code /users}. */
public final class UserPath {
    /**
     * Excludes {@code me}: otherwise {@code DELETE /users/me}, for example, would match this route instead of getting
     * 405.
     */
    public static final String BY_ID = "/{id: (?!me/?$)[^/]+}";

    public static final String SESSIONS = BY_ID + "/sessions";

    private UserPath() {}
}
