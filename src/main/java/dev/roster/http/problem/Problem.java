package dev.roster.http.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.Reason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error answer (RFC 9457).
 *
 * @param status the HTTP status; more specific than the type for some errors: 408, 414, 417, 421, 431, 505
 * @param detail one sentence about this occurrence, without internals
 * @param instance the path of the request
 * @param requestId the {@code X-Request-Id} of the answer and of its log lines
 * @param errors the invalid members, parameters or headers, for {@link ProblemType#VALIDATION}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        ProblemType type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String requestId,
        List<InvalidEntry> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * An invalid member, parameter or header.
     *
     * @param code for programs
     * @param parameters of the code, as members of their own
     */
    public record InvalidEntry(
            String field,
            String message,
            String code,
            @JsonAnyGetter Map<String, Object> parameters) {
        static InvalidEntry of(InvalidMember invalid) {
            Reason reason = invalid.reason();
            return new InvalidEntry(
                    invalid.field(), reason.message(), reason.code().id(), reason.parameters());
        }
    }
}
