package dev.roster.http.condition;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The conditional headers of a request (RFC 9110, section 13.1), evaluated in the order of section 13.2.2. Evaluate
 * them last: what refuses the request without them also refuses it with them (section 13.2.1). Thread-safe.
 */
public final class Preconditions {
    /** The preconditions of a request that has none. */
    public static final Preconditions NONE = new Preconditions(null, null, null, null);

    private final @Nullable String ifMatch;
    private final @Nullable String ifUnmodifiedSince;
    private final @Nullable String ifNoneMatch;
    private final @Nullable String ifModifiedSince;

    private Preconditions(
            @Nullable String ifMatch,
            @Nullable String ifUnmodifiedSince,
            @Nullable String ifNoneMatch,
            @Nullable String ifModifiedSince) {
        this.ifMatch = ifMatch;
        this.ifUnmodifiedSince = ifUnmodifiedSince;
        this.ifNoneMatch = ifNoneMatch;
        this.ifModifiedSince = ifModifiedSince;
    }

    public static Preconditions of(ContainerRequestContext request) {
        String ifMatch = request.getHeaderString(HttpHeaders.IF_MATCH);
        String ifUnmodifiedSince = request.getHeaderString(HttpHeaders.IF_UNMODIFIED_SINCE);
        String ifNoneMatch = request.getHeaderString(HttpHeaders.IF_NONE_MATCH);
        String ifModifiedSince = request.getHeaderString(HttpHeaders.IF_MODIFIED_SINCE);
        return ifMatch == null && ifUnmodifiedSince == null && ifNoneMatch == null && ifModifiedSince == null
                ? NONE
                : new Preconditions(ifMatch, ifUnmodifiedSince, ifNoneMatch, ifModifiedSince);
    }

    /**
     * The preconditions of a request that has to name the version that it changes.
     *
     * @throws RefusedException {@code PRECONDITION_REQUIRED} without {@code If-Match}
     */
    public static Preconditions ofVersion(ContainerRequestContext request) {
        Preconditions preconditions = of(request);
        if (preconditions.ifMatch == null) {
            throw new RefusedException(
                    Refusal.PRECONDITION_REQUIRED, "Send the ETag of the user that you have read in If-Match.");
        }
        return preconditions;
    }

    public boolean isEmpty() {
        return this == NONE;
    }

    /**
     * Evaluates the preconditions of a GET or HEAD.
     *
     * @return whether the client has this representation already, so that the answer is 304
     * @throws RefusedException {@code VERSION_CONFLICT}
     */
    public boolean isNotModified(Validators current) {
        requireMatch(current);
        if (ifNoneMatch != null) {
            return EntityTags.isListed(ifNoneMatch, current);
        }
        Instant date = date(ifModifiedSince);
        Instant modified = current.modified();
        return date != null && modified != null && !isAfter(modified, date);
    }

    /**
     * Evaluates the preconditions of a PUT or DELETE.
     *
     * @throws RefusedException {@code VERSION_CONFLICT}
     */
    public void require(Validators current) {
        requireMatch(current);
        if (ifNoneMatch != null && EntityTags.isListed(ifNoneMatch, current)) {
            throw conflict(
                    EntityTags.isAny(ifNoneMatch)
                            ? "If-None-Match is *, but this exists."
                            : "If-None-Match lists the present entity tag, " + current.quotedTag() + ".");
        }
    }

    private void requireMatch(Validators current) {
        if (ifMatch != null) {
            if (!EntityTags.isListed(ifMatch, current)) {
                throw conflict(
                        current.tag() == null
                                ? "If-Match lists entity tags, but this has none."
                                : "If-Match does not list the present entity tag, " + current.quotedTag() + ".");
            }
            return;
        }
        Instant date = date(ifUnmodifiedSince);
        Instant modified = current.modified();
        if (date != null && modified != null && isAfter(modified, date)) {
            throw conflict("This has changed since the date in If-Unmodified-Since.");
        }
    }

    /** A date that is malformed is ignored (RFC 9110, sections 13.1.3 and 13.1.4). */
    private static @Nullable Instant date(@Nullable String header) {
        return header == null ? null : HttpDates.parse(header);
    }

    // A date in a header has whole seconds.
    private static boolean isAfter(Instant modified, Instant date) {
        return modified.truncatedTo(ChronoUnit.SECONDS).isAfter(date);
    }

    private static RefusedException conflict(String detail) {
        return new RefusedException(Refusal.VERSION_CONFLICT, detail);
    }
}
