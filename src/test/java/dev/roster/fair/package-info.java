@NullMarked
package dev.roster.fair;

import org.jspecify.annotations.NullMarked;
