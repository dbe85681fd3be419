package dev.roster.http.condition;

import dev.roster.user.StoredUser;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells the states of a representation apart (RFC 9110, section 8.8).
 *
 * @param tag the opaque part of its entity tag; null if it has none
 * @param user the user that it shows; null if it shows none
 */
public record Validators(@Nullable String tag, @Nullable StoredUser user) {
    /** A representation without entity tag and date. */
    public static final Validators NONE = new Validators(null, null);

    /** A file, which only an update of the service changes. */
    public static Validators of(String tag) {
        return new Validators(tag, null);
    }

    /** A user at its own path, as others see it. It also has the tag of {@link #ofCaller}. */
    public static Validators of(StoredUser user) {
        return new Validators(Long.toString(user.version()), user);
    }

    /**
     * A user at its own path, as the person sees it. With a pending address, others see another representation at the
     * same path: a browser in which two people log in must not take one for the other.
     */
    public static Validators ofOwn(StoredUser user) {
        return user.pendingEmail() == null ? of(user) : new Validators(user.version() + "-pending", user);
    }

    /** A user at a path that shows another user to each caller, so that a version alone is not unique. */
    public static Validators ofCaller(StoredUser user) {
        return new Validators(callerTag(user), user);
    }

    private static String callerTag(StoredUser stored) {
        return stored.version() + "-" + stored.user().id();
    }

    boolean hasTag(String text) {
        return text.equals(tag) || (user != null && text.equals(callerTag(user)));
    }

    /** When it last changed; null if that is unknown. */
    @Nullable
    Instant modified() {
        return user == null ? null : user.user().updatedAt();
    }

    /** The entity tag in quotes, as a header has it. */
    public String quotedTag() {
        return '"' + String.valueOf(tag) + '"';
    }
}
