package dev.roster.query.filter;

import dev.roster.profile.ProfileFilter;
import dev.roster.user.Roles;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What lists can be filtered by, as the operator has configured it.
 *
 * @param profile the members of the profile
 */
public record Filters(Roles roles, List<ProfileFilter> profile) {

    /** These parameters and those of the profile. */
    public Set<String> parameters(Set<String> others) {
        Set<String> all = new HashSet<>(others);
        profile.forEach(filter -> all.add(filter.parameter()));
        return Set.copyOf(all);
    }
}
