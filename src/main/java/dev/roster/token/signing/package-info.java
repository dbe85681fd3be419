/**
 * The keys that sign access tokens: the table that decides who signs, each node's ring of keys in memory, and their
 * rotation. Does not know what a token looks like.
 */
@NullMarked
package dev.roster.token.signing;

import org.jspecify.annotations.NullMarked;
