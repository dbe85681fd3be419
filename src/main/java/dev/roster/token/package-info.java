/**
 * Access tokens: issuing and verifying them, the set of revoked ones and its table, and the authentication of requests.
 * Knows neither the write side nor the read side; they know this room.
 */
@NullMarked
package dev.roster.token;

import org.jspecify.annotations.NullMarked;
