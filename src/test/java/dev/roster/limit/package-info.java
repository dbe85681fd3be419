@NullMarked
package dev.roster.limit;

import org.jspecify.annotations.NullMarked;
