@NullMarked
package dev.roster.database.pool;

import org.jspecify.annotations.NullMarked;
