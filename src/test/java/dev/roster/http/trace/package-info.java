@NullMarked
package dev.roster.http.trace;

import org.jspecify.annotations.NullMarked;
