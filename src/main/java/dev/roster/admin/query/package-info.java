/** The read routes: users, sessions, exports, and the audit trail with its SQL. */
@NullMarked
package dev.roster.admin.query;

import org.jspecify.annotations.NullMarked;
