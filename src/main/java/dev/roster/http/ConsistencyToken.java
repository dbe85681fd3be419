package dev.roster.http;

import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much of what was written a client wants to see: a position in the primary's write-ahead log, as {@code pg_lsn} is
 * written. Writes answer with it, and reads take it back.
 */
public final class ConsistencyToken {
    public static final String HEADER = "Consistency-Token";

    /** Past every log: only the primary will do. */
    public static final String PRIMARY_ALONE = "FFFFFFFF/FFFFFFFF";

    private static final Pattern FORM = Pattern.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}");

    private ConsistencyToken() {}

    /**
     * The position that the request names; null where it names none.
     *
     * @throws RefusedException {@code INVALID} where it is none of ours
     */
    public static @Nullable String of(ContainerRequestContext request) {
        List<String> values = request.getHeaders().get(HEADER);
        if (values == null) {
            return null;
        }
        if (values.size() > 1 || !FORM.matcher(values.get(0)).matches()) {
            throw RefusedException.invalid(HEADER, "must be one that a write has answered with");
        }
        return values.get(0);
    }
}
