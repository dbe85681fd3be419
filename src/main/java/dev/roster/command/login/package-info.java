/** Logging in with a password, and logging out. */
@NullMarked
package dev.roster.command.login;

import org.jspecify.annotations.NullMarked;
