/** Lets users prove a new e-mail address, and take back an earlier one, with a link in a mail. */
@NullMarked
package dev.roster.command.emailchange;

import org.jspecify.annotations.NullMarked;
