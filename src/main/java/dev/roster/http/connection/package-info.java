/**
 * Connections: buffering, deadlines, limits on their number, and the address of the client.
 */
@NullMarked
package dev.roster.http.connection;

import org.jspecify.annotations.NullMarked;
