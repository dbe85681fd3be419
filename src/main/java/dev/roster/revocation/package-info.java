/**
 * Revoked tokens, sessions and users: the table, the set in memory, and how the feed keeps the two alike on every node.
 * This room handles ids only; it does not know what a token looks like.
 */
@NullMarked
package dev.roster.revocation;

import org.jspecify.annotations.NullMarked;
