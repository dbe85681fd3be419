@NullMarked
package dev.roster.support.process;

import org.jspecify.annotations.NullMarked;
