/** The list of users: filters, order, search and cursors ({@code GET /api/v1/users}). */
@NullMarked
package dev.roster.query.list;

import org.jspecify.annotations.NullMarked;
