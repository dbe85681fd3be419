/** Chooses between the replica and the primary for each read. */
@NullMarked
package dev.roster.query.replica;

import org.jspecify.annotations.NullMarked;
