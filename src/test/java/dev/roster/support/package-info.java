/**
 * What the tests stand on: a real PostgreSQL, the running service, a client that sees exact answers, a clock to set.
 */
@NullMarked
package dev.roster.support;

import org.jspecify.annotations.NullMarked;
