@NullMarked
package dev.roster.command.refresh;

import org.jspecify.annotations.NullMarked;
