/** The local run: the service on a PostgreSQL of its own. In the test sources, because embedded PostgreSQL is. */
@NullMarked
package dev.roster.local;

import org.jspecify.annotations.NullMarked;
