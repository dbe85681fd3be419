/** Whose account a command concerns: ownership, the user lock, password checks within the limits, and changes. */
@NullMarked
package dev.roster.command.account;

import org.jspecify.annotations.NullMarked;
