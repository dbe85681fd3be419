package dev.roster.http.trace;

import java.util.List;

/** Names of request attributes that are also members of log lines. */
public final class RequestNotes {
    static final String REQUEST_ID = RequestId.NAME;

    /** See {@link TraceContext}. */
    public static final String TRACE_ID = "trace_id";

    public static final String SPAN_ID = "span_id";

    /** The template of the matched path, such as {@code /api/v1/users/{id}}. */
    static final String ROUTE = "route";

    /** The id of the authenticated user, on the API port. */
    public static final String USER_ID = "user_id";

    /** The id of the API key, on the admin port. */
    public static final String KEY_ID = "key_id";

    /** Either of them. */
    static final String CALLER = "caller";

    /**
     * The type of the problem that is the answer, such as {@code forbidden}. If a token was refused, the reason follows
     * after a space, and then the token's id if the service signed the token.
     */
    public static final String PROBLEM = "problem";

    /** Those that any request may have. */
    public static final List<String> ALL = List.of(ROUTE, USER_ID, KEY_ID, REQUEST_ID, TRACE_ID, SPAN_ID);

    private RequestNotes() {}
}
