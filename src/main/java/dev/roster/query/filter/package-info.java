/** The filters of lists and counts of users: their parameters and their SQL. */
@NullMarked
package dev.roster.query.filter;

import org.jspecify.annotations.NullMarked;
