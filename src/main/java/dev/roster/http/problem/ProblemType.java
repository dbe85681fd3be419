package dev.roster.http.problem;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The types of errors that clients can distinguish: {@code urn:roster:problem:…} (RFC 9457). */
public enum ProblemType {
    MALFORMED(400, "The request is malformed"),
    UNAUTHENTICATED(401, "Authentication is required"),
    INVALID_CREDENTIALS(401, "The e-mail address or the password is wrong"),
    INVALID_TOKEN(401, "The token is not valid"),
    FORBIDDEN(403, "The request is not allowed"),
    INSUFFICIENT_SCOPE(403, "The API key lacks a scope"),
    ACCOUNT_DISABLED(403, "The account is disabled"),
    PASSWORD_RESET_REQUIRED(403, "The password must be set anew"),
    REGISTRATION_CLOSED(403, "Registration is closed"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed"),
    NOT_ACCEPTABLE(406, "No acceptable representation"),
    EMAIL_TAKEN(409, "The e-mail address is taken"),
    KEY_NOT_ROTATED(409, "The signing key cannot be rotated"),
    VERSION_CONFLICT(412, "A precondition does not hold"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The type of the body is not supported"),
    EXPORT_TOO_LARGE(422, "The export is too large for an answer"),
    VALIDATION(422, "The request is not valid"),
    PRECONDITION_REQUIRED(428, "A precondition is required"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL(500, "Internal error"),
    UNAVAILABLE(503, "The service is unavailable");

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

    /** The name for clients. */
    @JsonValue
    public String urn() {
        return "urn:roster:problem:" + id();
    }

    /** The last part of the name. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The closest type for a status chosen by Jetty or Jersey. */
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
            case 428 -> PRECONDITION_REQUIRED;
            case 429 -> TOO_MANY_REQUESTS;
            case 503 -> UNAVAILABLE;
            case 501, 505 -> MALFORMED; // the client's error, not the service's
            default -> status >= 500 ? INTERNAL : MALFORMED;
        };
    }
}
