/** Whose account a command concerns: ownership, the user lock, and password checks within the limits. */
@NullMarked
package dev.roster.command.account;

import org.jspecify.annotations.NullMarked;
