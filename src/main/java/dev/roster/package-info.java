/**
 * Roster: a REST service for user accounts. {@link dev.roster.RosterApplication} makes every long-lived object, top to
 * bottom, and is the only class that sees all rooms.
 */
@NullMarked
package dev.roster;

import org.jspecify.annotations.NullMarked;
