/**
 * The write side. A command is a record with a handler: it checks, hashes if need be, and runs one transaction through
 * {@link dev.roster.command.Commands}. Rooms by subject are below. Knows nothing of the read side.
 */
@NullMarked
package dev.roster.command;

import org.jspecify.annotations.NullMarked;
