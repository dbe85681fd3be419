/**
 * Queues that clients share fairly: clients take turns, and if a queue is full, the client with the most places in it
 * gives one up. Nobody who waits here occupies a thread.
 */
@NullMarked
package dev.roster.fair;

import org.jspecify.annotations.NullMarked;
