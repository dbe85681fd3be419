package dev.roster.http;

/** What is known of a request beyond what it says: its attributes, and members of its log line, by these names. */
public final class RequestNotes {
    /** Which ties an answer to its log lines. */
    public static final String REQUEST_ID = RequestId.NAME;

    /** The template of the path that it was matched to, such as {@code /api/v1/users/{id}}. */
    public static final String ROUTE = "route";

    /** Who sent it, where it was authenticated. */
    public static final String USER_ID = "user_id";

    private RequestNotes() {}
}
