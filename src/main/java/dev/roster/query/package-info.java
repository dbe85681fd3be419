/** The read side: its resources and its SQL; which database it reads from is decided in the room below. Sees no password hash, writes nothing, knows nothing of the write side. */
@NullMarked
package dev.roster.query;

import org.jspecify.annotations.NullMarked;
