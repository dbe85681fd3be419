/** Refreshing sessions: rotation, the grace for lost answers, and the end of a session whose token was reused. */
@NullMarked
package dev.roster.command.refresh;

import org.jspecify.annotations.NullMarked;
