@NullMarked
package dev.roster.directory;

import org.jspecify.annotations.NullMarked;
