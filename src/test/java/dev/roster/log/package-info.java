@NullMarked
package dev.roster.log;

import org.jspecify.annotations.NullMarked;
