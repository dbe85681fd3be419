package dev.roster.http;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in the primary's write-ahead log. A write returns it; a read that sends it back sees that write. A server
 * that takes over begins a new timeline, so positions of two timelines cannot be compared.
 *
 * @param timeline 0 if it is not known, as in tokens of earlier versions
 * @param position in the form of {@code pg_lsn}
 */
public record ConsistencyToken(int timeline, String position) {
    public static final String HEADER = "Consistency-Token";

    /** After the end of every log. */
    private static final String NOWHERE = "FFFFFFFF/FFFFFFFF";

    private static final Pattern FORM = Pattern.compile("(?:([1-9][0-9]{0,8})\\.)?([0-9A-F]{1,8}/[0-9A-F]{1,8})");

    /** A commit on this timeline whose position is not known. Only the primary can answer. */
    public static ConsistencyToken unknown(int timeline) {
        return new ConsistencyToken(timeline, NOWHERE);
    }

    /**
     * The token in the request's header; null without one.
     *
     * @throws RefusedException {@code INVALID} if it is malformed or repeated
     */
    public static @Nullable ConsistencyToken of(ContainerRequestContext request) {
        List<String> values = request.getHeaders().get(HEADER);
        if (values == null) {
            return null;
        }
        Matcher token = FORM.matcher(values.get(0));
        if (values.size() > 1 || !token.matches()) {
            throw RefusedException.invalidHeader(
                    HEADER, Reason.of(ErrorCode.NOT_ISSUED, "must be the token of an earlier answer"));
        }
        String timeline = token.group(1);
        return new ConsistencyToken(timeline == null ? 0 : Integer.parseInt(timeline), token.group(2));
    }

    public boolean isUnknown() {
        return position.equals(NOWHERE);
    }

    /** The value of the header. */
    @Override
    public String toString() {
        return timeline == 0 ? position : timeline + "." + position;
    }
}
