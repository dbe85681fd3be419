/**
 * The change feed: one PostgreSQL connection that LISTENs, the channels it hears, and the proof that nothing was
 * missed.
 */
@NullMarked
package dev.roster.feed;

import org.jspecify.annotations.NullMarked;
