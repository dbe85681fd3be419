@NullMarked
package dev.roster.query.replica;

import org.jspecify.annotations.NullMarked;
