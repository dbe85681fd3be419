@NullMarked
package dev.roster.password;

import org.jspecify.annotations.NullMarked;
