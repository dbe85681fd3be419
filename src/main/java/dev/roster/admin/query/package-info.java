/** The reading routes of the operators' API: users, their sessions and exports, and the audit trail. */
@NullMarked
package dev.roster.admin.query;

import org.jspecify.annotations.NullMarked;
