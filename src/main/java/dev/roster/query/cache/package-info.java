/** The cache of users, and how changes invalidate it. */
@NullMarked
package dev.roster.query.cache;

import org.jspecify.annotations.NullMarked;
