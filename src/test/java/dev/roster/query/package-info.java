@NullMarked
package dev.roster.query;

import org.jspecify.annotations.NullMarked;
