/**
 * Whose account a command concerns: ownership, the user lock, password checks within the limits, the limit on changes,
 * and the threads of requests that wait for a hash.
 */
@NullMarked
package dev.roster.command.account;

import org.jspecify.annotations.NullMarked;
