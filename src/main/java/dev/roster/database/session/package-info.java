/** What a session with PostgreSQL is made of, and why PostgreSQL may refuse one. */
@NullMarked
package dev.roster.database.session;

import org.jspecify.annotations.NullMarked;
