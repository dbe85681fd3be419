/** Lets users set a new password with a link in a mail. */
@NullMarked
package dev.roster.command.reset;

import org.jspecify.annotations.NullMarked;
