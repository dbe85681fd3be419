package dev.roster.http;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in the primary's write-ahead log, in the form of {@code pg_lsn}. A write returns it; a read that sends it
 * back sees that write.
 */
public final class ConsistencyToken {
    public static final String HEADER = "Consistency-Token";

    /** A position after the end of every log: only the primary can answer. */
    public static final String PRIMARY_ALONE = "FFFFFFFF/FFFFFFFF";

    private static final Pattern FORM = Pattern.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}");

    private ConsistencyToken() {}

    /**
     * The position in the request's header; null without one.
     *
     * @throws RefusedException {@code INVALID} if it is malformed or repeated
     */
    public static @Nullable String of(ContainerRequestContext request) {
        List<String> values = request.getHeaders().get(HEADER);
        if (values == null) {
            return null;
        }
        if (values.size() > 1 || !FORM.matcher(values.get(0)).matches()) {
            throw RefusedException.invalidHeader(
                    HEADER, Reason.of(ErrorCode.NOT_ISSUED, "must be the token of an earlier answer"));
        }
        return values.get(0);
    }
}
