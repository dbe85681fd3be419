@NullMarked
package dev.roster.command;

import org.jspecify.annotations.NullMarked;
