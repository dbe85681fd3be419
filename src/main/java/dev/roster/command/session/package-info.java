/** Commands about sessions: log in and log out; a record and a handler each, and their SQL. */
@NullMarked
package dev.roster.command.session;

import org.jspecify.annotations.NullMarked;
