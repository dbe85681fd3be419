/** Lists and counts of users, for everybody and for operators: order, pages and cursors. */
@NullMarked
package dev.roster.query.list;

import org.jspecify.annotations.NullMarked;
