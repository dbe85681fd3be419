/** The local run: the service with an embedded PostgreSQL, which is a test dependency. */
@NullMarked
package dev.roster.local;

import org.jspecify.annotations.NullMarked;
