package dev.roster.query.filter;

import dev.roster.profile.ProfileFilter;
import dev.roster.refusal.InvalidValueException;

/**
 * A filter of a list: the member of the profile must have this text.
 *
 * @param value 1 to 100 characters, none of them a control character
 */
public record ProfileValue(ProfileFilter filter, String value) {

    /** @throws InvalidValueException if no member can have this text */
    public ProfileValue(ProfileFilter filter, String value) {
        this.filter = filter;
        this.value = FilterText.of(value, ProfileFilter.MAX_LENGTH);
    }

    /** Part of the identity of a list. */
    String identity() {
        return filter.parameter() + "=" + value;
    }
}
