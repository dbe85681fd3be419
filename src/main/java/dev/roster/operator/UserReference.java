package dev.roster.operator;

import dev.roster.command.session.SessionCommands;
import dev.roster.id.Ids;
import dev.roster.query.OperatorUser;
import dev.roster.query.filter.UserStatus;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import dev.roster.user.JsonObject;
import dev.roster.user.StoredUser;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A user, by id or by e-mail address.
 *
 * @param id null if the address is given
 * @param email null if the id is given
 */
public record UserReference(@Nullable UUID id, @Nullable EmailAddress email) {

    /** The user with this id. */
    public static UserReference of(UUID id) {
        return new UserReference(id, null);
    }

    /** @throws InvalidValueException if the text is neither an id nor an e-mail address */
    public static UserReference parse(String text) {
        try {
            return Ids.parse(text)
                    .map(UserReference::of)
                    .orElseGet(() -> new UserReference(null, new EmailAddress(text)));
        } catch (InvalidValueException e) {
            throw new InvalidValueException(ErrorCode.MALFORMED, "must be an id or an e-mail address");
        }
    }

    /**
     * The user's id. A given id may be unknown.
     *
     * @throws RefusedException {@code NOT_FOUND} if no user has the address
     */
    UUID resolve(Handle handle) {
        return id != null
                ? id
                : handle.createQuery("SELECT id FROM users WHERE email_key = lower(:email COLLATE \"C\")")
                        .bind("email", email == null ? "" : email.value())
                        .mapTo(UUID.class)
                        .findOne()
                        .orElseThrow(() -> new RefusedException(Refusal.NOT_FOUND, "Nobody has this e-mail address."));
    }

    /**
     * Locks the user's row, before the rows of sessions, and returns the user's id.
     *
     * @throws RefusedException {@code NOT_FOUND}
     */
    UUID lock(Handle handle) {
        UUID found = resolve(handle);
        if (handle.attach(SessionCommands.class).lockUser(found).isEmpty()) {
            throw unknownId();
        }
        return found;
    }

    /** A new user as operators see it. */
    static OperatorUser created(StoredUser stored) {
        return new OperatorUser(
                stored.user(),
                stored.pendingEmail(),
                UserStatus.ACTIVE,
                null,
                null,
                false,
                null,
                stored.version(),
                JsonObject.EMPTY);
    }

    /** The refusal of an id that no user has. */
    static RefusedException unknownId() {
        return new RefusedException(Refusal.NOT_FOUND, "Nobody has this id.");
    }
}
