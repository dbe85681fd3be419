@NullMarked
package dev.roster.token;

import org.jspecify.annotations.NullMarked;
