/** Where the read side reads: from the replica where there is one and it will do, else from the primary. */
@NullMarked
package dev.roster.query.replica;

import org.jspecify.annotations.NullMarked;
