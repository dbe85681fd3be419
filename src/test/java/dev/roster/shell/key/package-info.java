@NullMarked
package dev.roster.shell.key;

import org.jspecify.annotations.NullMarked;
