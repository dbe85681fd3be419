/**
 * Access and refresh tokens: issuing and reading them, and the authentication of requests. What is revoked is in the room
 * below. Knows neither the write side nor the read side; they know this room.
 */
@NullMarked
package dev.roster.token;

import org.jspecify.annotations.NullMarked;
