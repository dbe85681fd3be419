/**
 * The read side: reads users and sessions. It writes nothing, reads no password hash and does not depend on the write
 * side. {@code query.replica} chooses the database, {@code query.cache} keeps users in memory.
 */
@NullMarked
package dev.roster.query;

import org.jspecify.annotations.NullMarked;
