/**
 * Delivers the rows of an outbox: a table whose rows are written in the transactions of their events, and sent after
 * the commit. Any number of nodes share it. This room does not know what the rows say or where they go.
 */
@NullMarked
package dev.roster.delivery;

import org.jspecify.annotations.NullMarked;
