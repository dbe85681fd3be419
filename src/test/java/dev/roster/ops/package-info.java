@NullMarked
package dev.roster.ops;

import org.jspecify.annotations.NullMarked;
