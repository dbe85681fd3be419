package dev.roster.http.trace;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id that connects an answer with its log lines: the client's own if well-formed, otherwise a random one. */
public final class RequestId {
    public static final String HEADER = "X-Request-Id";

    /** The request attribute, and the key in the log's context. */
    public static final String NAME = "request_id";

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {}

    public static String of(@Nullable String header) {
        return header != null && WELL_FORMED.matcher(header).matches() ? header : random().toString();
    }

    /** Ids need not be unguessable, so a fast generator is enough. */
    private static UUID random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(
                (random.nextLong() & ~0xf000L) | 0x4000L, // version 4 (RFC 9562, section 5.4)
                (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }
}
