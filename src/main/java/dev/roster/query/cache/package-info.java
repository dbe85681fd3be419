/** What the read side remembers of users, and how it comes to forget it. */
@NullMarked
package dev.roster.query.cache;

import org.jspecify.annotations.NullMarked;
