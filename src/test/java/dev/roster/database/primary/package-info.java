@NullMarked
package dev.roster.database.primary;

import org.jspecify.annotations.NullMarked;
