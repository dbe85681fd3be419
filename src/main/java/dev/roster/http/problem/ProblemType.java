package dev.roster.http.problem;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Everything that can go wrong with a request, as clients tell it apart: {@code urn:roster:problem:…} (RFC 9457). */
public enum ProblemType {
    MALFORMED(400, "The request cannot be read"),
    UNAUTHENTICATED(401, "Authentication is needed"),
    INVALID_CREDENTIALS(401, "The e-mail address or the password is wrong"),
    INVALID_TOKEN(401, "The token is not valid"),
    FORBIDDEN(403, "This is not allowed"),
    NOT_FOUND(404, "There is nothing here"),
    METHOD_NOT_ALLOWED(405, "This method is not allowed here"),
    NOT_ACCEPTABLE(406, "No acceptable form of the answer"),
    EMAIL_TAKEN(409, "The e-mail address is taken"),
    VERSION_CONFLICT(412, "The user has changed"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is not JSON"),
    VALIDATION(422, "The request is not valid"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL(500, "Something went wrong here"),
    UNAVAILABLE(503, "The service cannot answer now");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The name that clients see. */
    @JsonValue
    public String urn() {
        return "urn:roster:problem:" + id();
    }

    /** What the name ends with. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The type that says most about a status which the container or Jersey has chosen by itself. */
    static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 412 -> VERSION_CONFLICT;
            case 413, 414, 431 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 422 -> VALIDATION;
            case 429 -> TOO_MANY_REQUESTS;
            case 503 -> UNAVAILABLE;
            case 501, 505 -> MALFORMED; // what the client asks for is at fault, not the service
            default -> status >= 500 ? INTERNAL : MALFORMED;
        };
    }
}
