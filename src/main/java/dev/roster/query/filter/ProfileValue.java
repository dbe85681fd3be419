package dev.roster.query.filter;

import dev.roster.profile.ProfileFilter;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;

/**
 * A filter of a list: the member of the profile must have this text.
 *
 * @param value 1 to 100 characters, none of them a control character
 */
public record ProfileValue(ProfileFilter filter, String value) {

    /** @throws InvalidValueException if no member can have this text */
    public ProfileValue(ProfileFilter filter, String value) {
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(ErrorCode.CONTROL_CHARACTER, "must not contain control characters");
        }
        if (value.codePointCount(0, value.length()) > ProfileFilter.MAX_LENGTH) {
            throw new InvalidValueException(
                    ErrorCode.TOO_LONG,
                    "must be at most " + ProfileFilter.MAX_LENGTH + " characters",
                    ProfileFilter.MAX_LENGTH);
        }
        this.filter = filter;
        this.value = value;
    }

    /** Part of the identity of a list. */
    String identity() {
        return filter.parameter() + "=" + value;
    }
}
