package dev.roster.query.list;

import dev.roster.user.Role;
import org.jspecify.annotations.Nullable;

/**
 * The filters and the order of a list. Each cursor belongs to one such list.
 *
 * @param role if not null, only users with this role are listed
 * @param term if not null, only users whose name or e-mail address contains it are listed
 * @param profile if not null, only users whose profile has this value are listed
 */
record UserList(
        Sort sort,
        @Nullable Role role,
        @Nullable SearchTerm term,
        @Nullable ProfileValue profile) {

    /** A text that no other list has. The parts cannot contain the line feeds that separate them. */
    String identity() {
        return sort.parameter() + "\n" + (role == null ? "" : role.value()) + "\n" + (term == null ? "" : term.text())
                + (profile == null ? "" : "\n" + profile.identity());
    }
}
