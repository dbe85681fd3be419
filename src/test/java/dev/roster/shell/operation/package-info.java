@NullMarked
package dev.roster.shell.operation;

import org.jspecify.annotations.NullMarked;
