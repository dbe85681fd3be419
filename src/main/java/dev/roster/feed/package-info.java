/**
 * The change feed: one PostgreSQL connection that LISTENs, a listener for each channel, and the proof that no
 * notification was missed.
 */
@NullMarked
package dev.roster.feed;

import org.jspecify.annotations.NullMarked;
