/**
 * Passwords: which may be chosen, and how they are hashed and checked. Nothing here knows of HTTP, SQL or users beyond
 * their names.
 */
@NullMarked
package dev.roster.password;

import org.jspecify.annotations.NullMarked;
