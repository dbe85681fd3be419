package dev.roster.http.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.roster.refusal.InvalidMember;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error: a problem of RFC 9457.
 *
 * @param status the HTTP status; where the request cannot be read it may say more than the type: 408, 414, 417, 431, 505
 * @param detail one sentence about this occurrence; nothing of the inside
 * @param instance the path of the request
 * @param requestId the answer's {@code X-Request-Id}, which the log repeats
 * @param errors the members that are not valid, for {@link ProblemType#VALIDATION}
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
