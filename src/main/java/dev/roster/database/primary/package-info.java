/** Which server is the primary, and since when: what a failover changes. */
@NullMarked
package dev.roster.database.primary;

import org.jspecify.annotations.NullMarked;
