@NullMarked
package dev.roster.shell;

import org.jspecify.annotations.NullMarked;
