package dev.roster.http;

import dev.roster.http.condition.Validators;
import dev.roster.id.Ids;
import dev.roster.user.StoredUser;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user in a path below {@code /users}: an id, or {@code me} for the caller.
 *
 * @param named the id; null for {@code me}
 */
public record UserPath(@Nullable UUID named) {
    /** The path template of one user. */
    public static final String BY_ID = "/{id}";

    public static final String SESSIONS = BY_ID + "/sessions";

    private static final UserPath ME = new UserPath(null);

    /** @throws IllegalArgumentException if the text is neither {@code me} nor a UUID */
    static UserPath parse(String text) {
        return text.equals("me") ? ME : new UserPath(Ids.parse(text).orElseThrow(IllegalArgumentException::new));
    }

    public boolean isMe() {
        return named == null;
    }

    /** The id of the user. */
    public UUID id(UUID callerId) {
        return named == null ? callerId : named;
    }

    /** The validators of the user at this path, if it is the caller. */
    public Validators ownValidators(StoredUser user) {
        return isMe() ? Validators.ofCaller(user) : Validators.ofOwn(user);
    }

    /** The validators of the user at this path, as the caller sees it. */
    public Validators validators(StoredUser user, UUID callerId) {
        return user.user().id().equals(callerId) ? ownValidators(user) : Validators.of(user);
    }
}
