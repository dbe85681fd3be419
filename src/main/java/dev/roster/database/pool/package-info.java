/** The queue in which requests wait for a database connection, bounded and fair. */
@NullMarked
package dev.roster.database.pool;

import org.jspecify.annotations.NullMarked;
