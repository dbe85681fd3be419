@NullMarked
package dev.roster.operator;

import org.jspecify.annotations.NullMarked;
