package dev.roster.http.trace;

import java.util.List;

/** What is known of a request beyond what it says: its attributes, and the members of its log lines, by these names. */
public final class RequestNotes {
    /** Which ties an answer to its log lines. */
    static final String REQUEST_ID = RequestId.NAME;

    /** The trace that it is part of, and what it is there: see {@link TraceContext}. */
    public static final String TRACE_ID = "trace_id";

    public static final String SPAN_ID = "span_id";

    /** The template of the path that it was matched to, such as {@code /api/v1/users/{id}}. */
    static final String ROUTE = "route";

    /** Who sent it, where it was authenticated. */
    static final String USER_ID = "user_id";

    /** All there are. */
    public static final List<String> ALL = List.of(ROUTE, USER_ID, REQUEST_ID, TRACE_ID, SPAN_ID);

    private RequestNotes() {}
}
