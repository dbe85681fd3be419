/**
 * The commands at a shell, one class each: they read arguments, have {@code operator} do the work, and print the
 * result.
 */
@NullMarked
package dev.roster.shell.operation;

import org.jspecify.annotations.NullMarked;
