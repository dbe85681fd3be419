/** Lets people prove that an e-mail address is theirs, before or after they become users. */
@NullMarked
package dev.roster.command.verification;

import org.jspecify.annotations.NullMarked;
