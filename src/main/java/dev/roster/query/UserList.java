package dev.roster.query;

import dev.roster.user.Role;
import org.jspecify.annotations.Nullable;

/**
 * Which users a list has, and in which order. A cursor belongs to one.
 *
 * @param role only who has it, where it is not null
 * @param piece only who has it in the name or the address, where it is not null
 */
record UserList(Sort sort, @Nullable Role role, @Nullable SearchTerm piece) {

    /** Tells two lists apart: none of its parts can hold the line feed between them. */
    String mark() {
        return sort.parameter() + "\n" + (role == null ? "" : role.value()) + "\n"
                + (piece == null ? "" : piece.text());
    }
}
