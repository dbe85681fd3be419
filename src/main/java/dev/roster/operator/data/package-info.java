/** Rows that operators read, such as the blocklist. */
@NullMarked
package dev.roster.operator.data;

import org.jspecify.annotations.NullMarked;
