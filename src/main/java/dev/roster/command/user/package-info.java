/** Changing and deleting users, and the SQL of the table {@code users}. */
@NullMarked
package dev.roster.command.user;

import org.jspecify.annotations.NullMarked;
