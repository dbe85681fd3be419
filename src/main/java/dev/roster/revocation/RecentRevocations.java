package dev.roster.revocation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was revoked in the last 60 minutes, by the database's clock. A new primary may lack what the old one had not
 * sent yet. At most the last 100,000 revocations, which take about 15 MB. Thread-safe.
 */
final class RecentRevocations {
    static final Duration SPAN = Duration.ofMinutes(60);
    private static final int MAXIMUM = 100_000;

    private final Clock clock;
    private final int maximum;
    private final Map<UUID, Known> byId = new LinkedHashMap<>();
    private @Nullable AllRevoked all;

    RecentRevocations(Clock clock) {
        this(clock, MAXIMUM);
    }

    /** @param maximum the maximum number of revocations; the first noted goes first */
    RecentRevocations(Clock clock, int maximum) {
        this.clock = clock;
        this.maximum = maximum;
    }

    synchronized void note(Known known) {
        long oldest = oldest().toEpochMilli();
        if (known.revokedAtMilli() < oldest) {
            return;
        }
        byId.merge(known.id(), known, Known::with);
        Iterator<Known> eldest = byId.values().iterator();
        while (eldest.hasNext() && (eldest.next().revokedAtMilli() < oldest || byId.size() > maximum)) {
            eldest.remove();
        }
    }

    synchronized void note(AllRevoked written) {
        all = all == null ? written : all.with(written);
    }

    /** The revocations of single tokens, sessions and users, in any order. */
    synchronized List<Known> list() {
        long oldest = oldest().toEpochMilli();
        return byId.values().stream()
                .filter(known -> known.revokedAtMilli() >= oldest)
                .toList();
    }

    /** The revocation of all tokens. */
    synchronized Optional<AllRevoked> all() {
        return Optional.ofNullable(all).filter(known -> known.until().isAfter(oldest()));
    }

    private Instant oldest() {
        return clock.instant().minus(SPAN);
    }

    /**
     * What a node knows of a row of {@code token_blocklist}. Of a row that it has only heard of, it does not know what
     * the notification lacks.
     *
     * @param kind as in {@link Revocation}; null if not known
     * @param userId the owner; null if there is none, or it is not known
     * @param reason null if not known
     * @param expirySecond as in {@link RevokedId}
     * @param revokedAtMilli when it was written, since 1970, by the database's clock
     */
    record Known(
            UUID id,
            @Nullable String kind,
            @Nullable UUID userId,
            @Nullable String reason,
            long expirySecond,
            long revokedAtMilli) {

        static Known of(Revocation revocation, Instant revokedAt) {
            return new Known(
                    revocation.id(),
                    revocation.kind(),
                    revocation.userId(),
                    revocation.reason(),
                    RevokedId.second(revocation.expiresAt()),
                    revokedAt.toEpochMilli());
        }

        static Known heard(UUID id, Instant expiresAt, Instant revokedAt) {
            return new Known(id, null, null, null, RevokedId.second(expiresAt), revokedAt.toEpochMilli());
        }

        /** What both tell of the same row. */
        Known with(Known other) {
            Known described = kind == null ? other : this;
            return new Known(
                    id,
                    described.kind,
                    described.userId,
                    described.reason,
                    Math.max(expirySecond, other.expirySecond),
                    Math.max(revokedAtMilli, other.revokedAtMilli));
        }
    }
}
