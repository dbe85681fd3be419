/** Passwords: which ones people may choose, and how they are hashed and verified. Independent of HTTP and SQL. */
@NullMarked
package dev.roster.password;

import org.jspecify.annotations.NullMarked;
