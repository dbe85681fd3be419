/** The commands at a shell that concern one person. */
@NullMarked
package dev.roster.shell.user;

import org.jspecify.annotations.NullMarked;
