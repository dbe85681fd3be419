/** Adding users: registration, and what an operator's creation of a user shares with it. */
@NullMarked
package dev.roster.command.registration;

import org.jspecify.annotations.NullMarked;
