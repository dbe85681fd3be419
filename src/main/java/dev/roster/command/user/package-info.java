/** Commands about users: register, update, delete; a record and a handler each, and their SQL. */
@NullMarked
package dev.roster.command.user;

import org.jspecify.annotations.NullMarked;
