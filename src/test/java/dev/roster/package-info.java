@NullMarked
package dev.roster;

import org.jspecify.annotations.NullMarked;
