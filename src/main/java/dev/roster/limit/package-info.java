/**
 * How often somebody may try: limits by account and by client address, counted in the database, so that all nodes share
 * them and no restart forgets them. What is refused is remembered on the node, so that a flood costs the database nothing.
 */
@NullMarked
package dev.roster.limit;

import org.jspecify.annotations.NullMarked;
