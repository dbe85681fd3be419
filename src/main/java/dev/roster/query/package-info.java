/** The read side: its resources and its SQL. Sees no password hash, writes nothing, knows nothing of the write side. */
@NullMarked
package dev.roster.query;

import org.jspecify.annotations.NullMarked;
