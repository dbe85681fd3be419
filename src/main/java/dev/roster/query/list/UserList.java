package dev.roster.query.list;

import dev.roster.query.filter.UserFilters;

/** The filters and the order of a list. Each cursor belongs to one such list. */
record UserList(Sort sort, UserFilters filters) {

    /** A text that no other list has. */
    String identity() {
        return sort.parameter() + "\n" + filters.identity();
    }
}
