package dev.roster.apikey;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A group of requests that a key may make. */
public enum Scope {
    USERS_READ,
    USERS_WRITE,
    USERS_DELETE,
    SESSIONS_WRITE,
    AUDIT_READ,
    KEYS,
    /** Other services, on the API port: ask about tokens, and revoke them. */
    INTROSPECT,
    /** Other services, on the API port: hear of revocations. */
    REVOCATIONS;

    /** The names of all scopes. */
    public static final List<String> IDS =
            Arrays.stream(values()).map(Scope::id).toList();

    /** The name for clients, such as {@code users:read}. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', ':');
    }

    /** Returns the scope with this name; empty if this version knows none. */
    static Optional<Scope> find(String id) {
        return Arrays.stream(values()).filter(scope -> scope.id().equals(id)).findAny();
    }

    /**
     * Returns the scope with this name.
     *
     * @throws InvalidValueException if there is none
     */
    public static Scope parse(String id) {
        return find(id).orElseThrow(() -> new InvalidValueException(Reason.notAllowed(IDS)));
    }
}
