/** Who gives a command, and whether it is theirs to give. */
@NullMarked
package dev.roster.command.caller;

import org.jspecify.annotations.NullMarked;
