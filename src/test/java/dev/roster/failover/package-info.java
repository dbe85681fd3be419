/** The proof of what Roster does when another PostgreSQL takes over, on Patroni. */
@NullMarked
package dev.roster.failover;

import org.jspecify.annotations.NullMarked;
