/**
 * The write side: the resources that take commands. What a command does is in its handler, by subject in the rooms
 * below: check, hash, one transaction, then what this node remembers. Knows nothing of the read side.
 */
@NullMarked
package dev.roster.command;

import org.jspecify.annotations.NullMarked;
