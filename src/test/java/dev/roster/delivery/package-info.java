@NullMarked
package dev.roster.delivery;

import org.jspecify.annotations.NullMarked;
