@NullMarked
package dev.roster.query.cache;

import org.jspecify.annotations.NullMarked;
