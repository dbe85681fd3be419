/**
 * Access and refresh tokens: issuing and reading them, the set of what is revoked and its table, and the authentication of
 * requests.
 * Knows neither the write side nor the read side; they know this room.
 */
@NullMarked
package dev.roster.token;

import org.jspecify.annotations.NullMarked;
