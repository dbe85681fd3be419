package dev.roster.http.trace;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id that ties an answer to its log lines: the client's own, where it sent a sane one. */
public final class RequestId {
    public static final String HEADER = "X-Request-Id";

    /** The request's attribute and the log's context key. */
    public static final String NAME = "request_id";

    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {}

    public static String of(@Nullable String header) {
        return header != null && SANE.matcher(header).matches() ? header : random().toString();
    }

    /** Nobody gains by guessing one, so that it need not wait for the operating system's random numbers. */
    private static UUID random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(
                (random.nextLong() & ~0xf000L) | 0x4000L, // version 4 (RFC 9562, section 5.4)
                (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }
}
