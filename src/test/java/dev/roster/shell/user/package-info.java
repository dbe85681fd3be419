@NullMarked
package dev.roster.shell.user;

import org.jspecify.annotations.NullMarked;
