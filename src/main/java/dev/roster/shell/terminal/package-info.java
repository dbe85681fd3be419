/** Where commands at a shell read and print. */
@NullMarked
package dev.roster.shell.terminal;

import org.jspecify.annotations.NullMarked;
