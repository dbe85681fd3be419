package dev.roster.query.filter;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.util.Arrays;
import java.util.Locale;

/** Whether operators let a user log in. */
public enum UserStatus {
    ACTIVE,
    DISABLED;

    /** The name for clients. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidValueException if there is no such status */
    public static UserStatus parse(String id) {
        return Arrays.stream(values())
                .filter(status -> status.id().equals(id))
                .findAny()
                .orElseThrow(() -> new InvalidValueException(Reason.notAllowed(
                        Arrays.stream(values()).map(UserStatus::id).toList())));
    }
}
