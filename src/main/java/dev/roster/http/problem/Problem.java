package dev.roster.http.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.roster.refusal.InvalidMember;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error answer (RFC 9457).
 *
 * @param status the HTTP status; more specific than the type for some errors: 408, 414, 417, 421, 431, 505
 * @param detail one sentence about this occurrence, without internals
 * @param instance the path of the request
 * @param requestId the {@code X-Request-Id} of the answer and of its log lines
 * @param errors the invalid members, for {@link ProblemType#VALIDATION}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        ProblemType type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String requestId,
        List<InvalidMember> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";
}
