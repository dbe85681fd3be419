@NullMarked
package dev.roster.host;

import org.jspecify.annotations.NullMarked;
