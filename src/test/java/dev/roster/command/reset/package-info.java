@NullMarked
package dev.roster.command.reset;

import org.jspecify.annotations.NullMarked;
